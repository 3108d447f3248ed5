/// What routers run, with one fault each.
extension BadInput {
  private static func router(_ title: String, _ settings: String) -> BadInput {
    BadInput(
      title: title,
      text: "name: lab\nnodes:\n  gw: {kind: router, \(settings)}\n  a: {}\nsegments: {lan: {members: [gw, a]}}\n")
  }

  static let routers = [
    BadInput(title: "routing machine", text: "name: lab\nnodes:\n  a: {routing: {software: bird, config: x}}\n"),
    BadInput(title: "filtering machine", text: "name: lab\nnodes: {a: {nftables: x}}\n"),
    BadInput(title: "shaping machine", text: "name: lab\nnodes: {a: {qdiscs: {eth0: pfifo}}}\n"),
    router("unknown software", "routing: {software: brid, config: x}"),
    router("no software", "routing: {config: x}"),
    router("software without configuration", "routing: {software: bird}"),
    router("two configurations", "routing: {software: bird, config: x, config-file: x.conf}"),
    router("file that is not there", "routing: {software: bird, config-file: r1.conf}"),
    router("no path", "routing: {software: bird, config-file: \"\"}"),
    router("configuration of nothing", "routing: {software: bird, config: \"\"}"),
    router("configuration with a bell", "routing: {software: bird, config: \"\\a\"}"),
    router(
      "endless configuration",
      "routing: {software: bird, config: \(String(repeating: "router id 1.1.1.1; ", count: 14000))}"),
    router("configuration of static routes", "routing: {software: static, config: x}"),
    router("daemons of BIRD", "routing: {software: bird, daemons: [ospfd], config: x}"),
    router("no daemons", "routing: {software: frr, config: x}"),
    router("list of no daemons", "routing: {software: frr, config: x, daemons: []}"),
    router("unknown daemon", "routing: {software: frr, config: x, daemons: [opsfd]}"),
    router("two rulesets", "nftables: x, nftables-file: y"),
    router("qdisc of another's interface", "qdiscs: {eth7: [pfifo]}"),
    router("qdisc at no interface", "qdiscs: {\"eth 0\": [pfifo]}"),
    router("qdisc of nothing", "qdiscs: {eth0: []}"),
    router("qdisc with an option", "qdiscs: {eth0: [pfifo, \"-batch\"]}"),
    router("qdisc of a sentence", "qdiscs: {eth0: pfifo limit 100}"),
    router("qdisc elsewhere", "qdiscs: {eth0: [parent, \"1:1\", pfifo]}"),
    router("qdisc of a command", "qdiscs: {eth0: [pfifo, \"$(reboot)\"]}"),
    BadInput(
      title: "configurations without end",
      text: "name: lab\nnodes:\n  r[1-99]: {kind: router, nftables: \"\(String(repeating: "#", count: 200_000))\"}\n"),
  ]
}
