import Infrastructure
import Quantities

/// Reads `*.vc.yaml` files; docs/file.md is their reference.
public enum InfrastructureReader {
  /// Reads a virtual infrastructure: ranges expanded, interfaces named, addresses assigned.
  ///
  /// - Parameters:
  ///   - text: UTF-8, at most 8 MiB.
  ///   - file: the file's name, for `location` in problems.
  ///   - environment: what `${VAR}` stands for.
  /// - Throws: the first problem, of kind `.invalid`, with its line and column.
  public static func read(
    text: [UInt8], file: String, environment: [String: String]
  ) throws(Problem) -> VirtualInfrastructure {
    let root = try Substitution(environment: environment).apply(to: YAMLParser.parse(text, file: file))
    let fields = try Fields(root, of: "a virtual infrastructure", known: Keys.infrastructure)
    try refuseAccess(fields)
    let name = try fields.required("name", of: "the infrastructure").name(of: "name")
    let defaults = try fields["defaults"].map { node throws(Problem) in try NodeDefaults(node) } ?? NodeDefaults()
    var reader = NodeReader(defaults: defaults)
    try reader.read(try fields.required("nodes", of: "the infrastructure"))
    let drafts = try NetworkReader(reader.nodes, groups: fields["groups"]).read(fields)
    let kinds = Dictionary(reader.nodes.map { ($0.name, $0.kind) }, uniquingKeysWith: { first, _ in first })
    var builder = EndpointBuilder(kinds: kinds)
    let networks = try builder.build(drafts)
    try reader.checkRoutes(networks)
    return VirtualInfrastructure(
      name: name, lease: try lease(fields["lease"]), nodes: reader.nodes, networks: networks)
  }

  private static func lease(_ node: YAMLNode?) throws(Problem) -> Lease {
    guard let node else { return Lease() }
    let fields = try Fields(node, of: "lease", known: Keys.lease)
    guard let duration = fields["duration"] else { return Lease() }
    let value = try duration.value(of: "duration of lease", Duration.init(parsing:))
    guard value >= .seconds(1) else {
      throw duration.problem(
        "lease-too-short", "The lease lasts \(value.text).", remedy: "Write one second at least, such as 4h.")
    }
    return Lease(duration: value)
  }

  /// VPN access and publishing are not in this version: asking for them must not look granted.
  private static func refuseAccess(_ fields: Fields) throws(Problem) {
    guard let access = fields["access"] else { return }
    let asked = try Fields(access, of: "access", known: Keys.access)
    for key in Keys.access {
      guard let node = asked[key] else { continue }
      if case .sequence(let items) = node.content, items.isEmpty { continue }
      if node.string == "none" { continue }
      throw node.problem(
        "not-available", "'access: \(key)' is not available in this version.",
        remedy: "Leave it out; 'virtcloud exec' reaches every node.")
    }
  }
}
