import Infrastructure
import Quantities

/// What segments and wires have in common: addresses, rate, latency, MTU, labels, gateway.
enum NetworkSettings {
  static func read(_ fields: Fields, into draft: inout NetworkDraft) throws(Problem) {
    if let node = fields.node("addresses") {
      draft.prefixMark = node.mark
      draft.prefixes = try prefixes(node, "\(draft.subject), addresses")
    }
    if let rate = try RateReader.rate(fields, of: draft.kind) {
      draft.rate = rate.forward ?? RateRange()
      // A direction that is not named among the two is promised nothing.
      draft.reverseRate = rate.isDirected ? rate.reverse ?? RateRange() : nil
    }
    draft.maximumLatency = try fields.fields("latency", .latency)?.value("max", Bounds.latencyBound)
    draft.mtu = try fields.value("mtu", Bounds.mtu)
    draft.labels = try fields.labels()
    if let node = fields.node("gateway") {
      let text = try node.text(of: fields.subject(of: "gateway"))
      draft.gateway = text == "none" ? .none : .node(text, node.mark)
    }
    try ConnectionReader.read(fields, into: &draft)
  }

  private static func prefixes(_ node: LocatedNode, _ subject: String) throws(Problem) -> [IPPrefix] {
    var prefixes: [IPPrefix] = []
    for element in try node.oneOrMany(of: subject, example: "[10.1.0.0/24, \"fd00:1::/64\"]") {
      let prefix = try element.value(of: subject, IPPrefix.init(parsing:))
      try check(prefix, subject, element.mark)
      guard !prefixes.contains(where: { $0.address.version == prefix.address.version }) else {
        throw element.mark.problem(
          "bad-prefix", "\(subject): \(prefix) is a second IPv\(prefix.address.version) network.",
          remedy: "Write at most one IPv4 and one IPv6 network.")
      }
      prefixes.append(prefix)
    }
    return prefixes
  }

  static func check(_ prefix: IPPrefix, _ subject: String, _ mark: Mark) throws(Problem) {
    guard prefix.isNetwork else {
      let network = IPPrefix(address: prefix.network, length: prefix.length)
      throw mark.problem(
        "bad-prefix", "\(subject): \(prefix) is not a network, for it has bits beyond its length.",
        remedy: "Write \(network).")
    }
    guard let range = reserved.first(where: { $0.overlaps(prefix) }) else { return }
    throw mark.problem(
      "address-reserved", "\(subject): \(prefix) overlaps \(range), which is not for ordinary interfaces.",
      remedy: "Use private addresses, such as 10.1.0.0/24 or fd00:1::/64.")
  }

  /// This network, loopback, multicast and class E (RFC 6890); IPv6's special, link-local and multicast
  /// blocks (RFC 4291).
  private static let reserved = [
    IPPrefix(address: .v4(0), length: 8), IPPrefix(address: .v4(127 << 24), length: 8),
    IPPrefix(address: .v4(224 << 24), length: 3), IPPrefix(address: .v6(0), length: 8),
    IPPrefix(address: .v6(0xfe80 << 112), length: 10), IPPrefix(address: .v6(0xff << 120), length: 8),
  ]
}

extension IPPrefix {
  /// True where the two share an address: one contains the other.
  func overlaps(_ other: IPPrefix) -> Bool { contains(other.network) || other.contains(network) }
}
