import Infrastructure
import Quantities

/// What segments and wires have in common: addresses, rate, latency, MTU, gateway.
enum NetworkSettings {
  static func read(_ fields: Fields, into draft: inout NetworkDraft) throws(Problem) {
    if let node = fields.node("addresses") {
      draft.prefixMark = node.mark
      draft.prefixes = try prefixes(node, "\(draft.subject), addresses")
    }
    draft.rate = try rates(fields)
    draft.maximumLatency = try fields.fields("latency", .latency)?.value("max", Bounds.latencyBound)
    draft.mtu = try fields.value("mtu", Bounds.mtu)
    if let node = fields.node("gateway") {
      let text = try node.text(of: fields.subject(of: "gateway"))
      draft.gateway = text == "none" ? .none : .node(text, node.mark)
    }
  }

  /// A single rate is both kept and not exceeded.
  private static func rates(_ fields: Fields) throws(Problem) -> RateRange {
    guard let node = fields.node("rate") else { return RateRange() }
    guard case .mapping = node.content else {
      let rate = try fields.value("rate", Bounds.rate)
      return RateRange(minimum: rate, maximum: rate)
    }
    guard let range = try fields.fields("rate", .rate) else { return RateRange() }
    let low = try range.value("min", Bounds.rate)
    let high = try range.value("max", Bounds.rate)
    if let low, let high, low > high {
      throw node.mark.problem(
        "rate-order", "\(range.subject): min (\(low)) is above max (\(high)).", remedy: "Swap them.")
    }
    return RateRange(minimum: low, maximum: high)
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
