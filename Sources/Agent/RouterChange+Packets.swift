import Machines

/// Ruleset and queueing disciplines.
extension RouterChange {
  /// A ruleset replaces the whole one before, in one transaction (nft(8)).
  var rulesetCommand: RouterCommand? {
    difference.ruleset.map { RouterCommand(arguments: ["nft", "-f", "-"], input: "flush ruleset\n" + $0 + "\n") }
  }

  /// A ruleset that is refused leaves the one before; where there is none, nothing is forwarded, for what was to be
  /// kept out must not come in.
  func finishRuleset(_ answer: MachineAnswer) throws {
    if answer.status == 0 { return note("nftables", plan.software?.marks["nftables"]) }
    if record.marks["nftables"] == nil {
      let closed = try run(RouterCommand(arguments: ["nft", "-f", "-"], input: Self.closedRuleset))
      if closed.status == 0 { note("nftables", RouterRecord.closed) }
    }
    throw refusal("nftables-refused", "nft", "refuses its ruleset", answer)
  }

  private static let closedRuleset = """
    flush ruleset
    table inet virtcloud {
      chain forward {
        type filter hook forward priority 0; policy drop;
      }
    }

    """

  /// Sets the interface's queueing discipline, or takes it away.
  func setQdisc(of interface: String) throws {
    let key = "qdisc:" + interface
    guard plan.ports.contains(where: { $0.interface == interface }) else { return note(key, nil) }
    guard let words = plan.software?.qdiscs[interface] else {
      let answer = try run(RouterCommand(arguments: ["tc", "qdisc", "del", "dev", interface, "root"]))
      note(key, nil)
      if answer.status == 0 { return }
      throw refusal("qdisc-refused", "tc", "does not remove the queueing discipline of \(interface)", answer)
    }
    let answer = try run(RouterCommand(arguments: ["tc", "qdisc", "replace", "dev", interface, "root"] + words))
    if answer.status == 0 { return note(key, plan.software?.marks[key]) }
    throw refusal("qdisc-refused", "tc", "refuses the queueing discipline of \(interface)", answer)
  }
}
