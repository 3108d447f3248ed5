/// The keys that one kind of mapping may have. The readers, the schemas' test and the file reference's test
/// all go by these tables.
struct Vocabulary: Sendable {
  struct Key: Sendable {
    var name: String
    var isRequired = false
  }

  /// Name of the mapping's definition under `$defs` of the schema; empty for the whole file.
  var definition: String
  var keys: [Key]
  /// Keys that a later version will have: what they ask for.
  var later: [String: String] = [:]
  /// The document that explains the keys.
  var reference = "docs/file.md"

  init(_ definition: String, required: [String] = [], optional: [String] = [], later: [String: String] = [:]) {
    self.definition = definition
    keys = required.map { Key(name: $0, isRequired: true) } + optional.map { Key(name: $0) }
    self.later = later
  }

  var names: [String] { keys.map(\.name) }
}

/// Of `*.vc.yaml`.
extension Vocabulary {
  static let infrastructure = Vocabulary(
    "", required: ["name", "nodes"],
    optional: ["lease", "labels", "defaults", "groups", "segments", "wires", "placement", "timeline", "access"])
  static let lease = Vocabulary("lease", optional: ["start", "end", "duration"])
  static let defaults = Vocabulary("defaults", optional: ["cpu", "memory", "storage", "image", "site", "location"])
  static let node = Vocabulary(
    "node",
    optional: [
      "kind", "image", "cpu", "memory", "storage", "site", "host", "location", "exclusive", "routes", "routing",
      "nftables", "nftables-file", "qdiscs", "labels",
    ])
  static let coresRange = Vocabulary("coresRange", required: ["min", "max"])
  static let memoryRange = Vocabulary("memoryRange", required: ["min", "max"])
  static let storageRange = Vocabulary("storageRange", required: ["min", "max"])
  static let route = Vocabulary("route", required: ["to", "via"])
  static let routing = Vocabulary("routing", required: ["software"], optional: ["config", "config-file", "daemons"])
  static let segment = Vocabulary(
    "segment", required: ["members"], optional: ["addresses", "gateway", "rate", "latency", "mtu", "guard", "labels"])
  static let member = Vocabulary("member", required: ["node"], optional: ["interface", "address"])
  static let wire = Vocabulary(
    "wire", required: ["ends"],
    optional: [
      "name", "addresses", "gateway", "rate", "latency", "mtu", "type", "impair", "guard", "labels",
    ])
  static let impair = Vocabulary("impair", optional: ["delay", "jitter", "loss"])
  static let portGuard = Vocabulary("guard", optional: ["level", "stations", "storm", "pass"])
  static let rate = Vocabulary("rate", optional: ["min", "max"])
  static let directedRate = Vocabulary("directedRate", optional: ["forward", "reverse"])
  static let latency = Vocabulary("latency", required: ["max"])
  static let rule = Vocabulary("rule", optional: ["apart", "together", "at"])
  static let event = Vocabulary("event", required: ["after"], optional: ["nodes", "networks"])
  static let nodeChange = Vocabulary("nodeChange", optional: ["cpu", "memory", "storage"])
  static let networkChange = Vocabulary("networkChange", optional: ["rate"])
  static let access = Vocabulary("access", optional: ["vpn", "publish", "allow"])

  static let infrastructureFile = [
    infrastructure, lease, defaults, node, coresRange, memoryRange, storageRange, route, routing, segment, member, wire,
    rate, directedRate, impair, portGuard, latency, rule, event,
    nodeChange, networkChange, access,
  ]
}

/// Of `*.substrate.yaml`.
extension Vocabulary {
  static let substrate = Vocabulary(
    "", required: ["name", "sites", "hosts"], optional: ["core", "links", "best-effort", "fast-path"])
  static let site = Vocabulary("site", required: ["vlans"])
  static let host = Vocabulary(
    "host", required: ["site"],
    optional: ["cpu", "memory", "storage", "slots", "location", "price", "kind", "uplink", "mtu", "trunk"])
  static let link = Vocabulary("link", required: ["ends"], optional: ["rate", "latency", "mtu", "price"])

  static let substrateFile = [substrate, site, host, link]
}
