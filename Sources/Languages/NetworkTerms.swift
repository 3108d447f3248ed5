import Infrastructure
import Quantities

/// What segments and wires have in common: prefixes, rate, latency, MTU.
struct NetworkTerms {
  var prefixes: [IPPrefix] = []
  var minimumRate: Bitrate?
  var maximumRate: Bitrate?
  var maximumLatency: Duration?
  var mtu: Int?

  init(_ fields: Fields, of what: String) throws(Problem) {
    try readPrefixes(fields, of: what)
    try readRate(fields, of: what)
    if let latency = fields["latency"] {
      let bounds = try Fields(latency, of: "latency of \(what)", known: Keys.latency)
      let bound = try bounds.required("max", of: "latency of \(what)")
      maximumLatency = try bound.value(of: "latency of \(what)", Duration.init(parsing:))
    }
    mtu = try fields["mtu"].map { node throws(Problem) in try node.integer(of: "mtu of \(what)", in: 1280...65535) }
  }

  private mutating func readPrefixes(_ fields: Fields, of what: String) throws(Problem) {
    guard let node = fields["addresses"] else { return }
    for item in try node.itemsOrOne(of: "addresses of \(what)") {
      let prefix = try item.value(of: "addresses of \(what)", IPPrefix.init(parsing:))
      guard prefix.isNetwork else {
        throw item.problem(
          "not-a-network", "addresses of \(what): \(prefix) has bits beyond its length.",
          remedy: "Write \(prefix.network)/\(prefix.length).")
      }
      guard !prefixes.contains(where: { $0.address.version == prefix.address.version }) else {
        throw item.problem(
          "two-prefixes", "\(what) has two IPv\(prefix.address.version) prefixes.",
          remedy: "Give it one prefix a family, or make two segments.")
      }
      prefixes.append(prefix)
    }
  }

  /// One rate is static: the minimum is kept, and no more is allowed.
  private mutating func readRate(_ fields: Fields, of what: String) throws(Problem) {
    guard let node = fields["rate"] else { return }
    if case .scalar = node.content {
      let rate = try node.rate(of: "rate of \(what)")
      (minimumRate, maximumRate) = (rate, rate)
      return
    }
    let bounds = try Fields(node, of: "rate of \(what)", known: Keys.rate)
    minimumRate = try bounds["min"].map { node throws(Problem) in try node.rate(of: "minimum rate of \(what)") }
    maximumRate = try bounds["max"].map { node throws(Problem) in try node.rate(of: "maximum rate of \(what)") }
    if let minimumRate, let maximumRate, minimumRate > maximumRate {
      throw node.problem(
        "rate-bounds", "The minimum rate \(minimumRate) of \(what) is above its maximum \(maximumRate).",
        remedy: "Swap the two.")
    }
  }
}
