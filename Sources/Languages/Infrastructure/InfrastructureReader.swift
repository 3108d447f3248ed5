import Infrastructure
import Quantities

/// Reads `*.vc.yaml`: what a person asks for, in the language of docs/file.md.
public enum InfrastructureReader {
  /// The infrastructure that `text` describes, complete and consistent.
  ///
  /// - Parameters:
  ///   - text: UTF-8, at most 8 MiB.
  ///   - file: how the file is called in problems' locations.
  ///   - environment: what `${VAR}` stands for.
  ///   - loadFile: the text of a file by the path that `*-file` keys give; its problems get the place of the path.
  /// - Throws: a problem of kind `invalid` whose location is `FILE:LINE:COLUMN`, counted from 1.
  public static func read(
    text: [UInt8], file: String, environment: [String: String],
    loadFile: @escaping (String) throws(Problem) -> String = noFiles
  ) throws(Problem) -> VirtualInfrastructure {
    let root = try YAMLLoader.load(text, file: file, environment: environment)
    let fields = try Fields(root, .infrastructure, of: "The infrastructure")
    let name = try fields.required("name", Name.init(parsing:))
    let lease = try LeaseSection.lease(fields)
    try AccessSection.check(fields)
    let nodes = try NodeSection(fields, UserText(load: loadFile))
    let directory = try MemberDirectory(fields, nodes)
    var drafts = try NetworkSection.drafts(fields, directory)
    try InterfaceNaming.assign(&drafts, nodes)
    try QueueSection.check(nodes, drafts)
    try Addressing.assign(&drafts, nodes)
    let routes = try RouteSection.routes(nodes, drafts)
    try DefaultGateways.assign(&drafts, nodes, routes)
    let rules = try PlacementSection.rules(fields, directory, nodes)
    let timeline = try TimelineSection(directory, nodes, drafts).events(fields, within: lease.duration)
    return VirtualInfrastructure(
      name: name, lease: lease,
      nodes: nodes.drafts.enumerated().map { index, draft in draft.node(routes: routes[index] ?? []) },
      networks: drafts.map { $0.network(nodes) }, rules: rules, timeline: timeline, labels: try fields.labels())
  }
  /// Refuses every path: for texts that come from nowhere, and so have no files beside them.
  public static func noFiles(_ path: String) throws(Problem) -> String {
    throw Problem(
      .invalid, "no-such-file", "There is no file '\(path.excerpt)' to read.",
      remedy: "Write the text itself: 'config: |' or 'nftables: |', and its lines below.")
  }
}
