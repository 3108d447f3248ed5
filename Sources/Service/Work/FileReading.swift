import API
import Controller
import Embedding
import Infrastructure
import Languages
import Quantities

extension Call {
  /// The name under which problems tell places in a body.
  private static let file = "body"

  /// The body as an infrastructure; long files take a while.
  ///
  /// Nothing of the controller's environment or files gets into it: whoever sends a file sends it whole. Images are
  /// paths on hosts; only local administrators may name them.
  func readInfrastructure() throws -> VirtualInfrastructure {
    var request = try readRequest()
    try checkImages(request)
    if let start = try moment("start") { request.lease.start = start.isNow ? nil : start.time }
    if let duration = try duration("duration") { request.lease.duration = duration }
    return request
  }

  private func readRequest() throws(Problem) -> VirtualInfrastructure {
    guard bodyType == "application/xml" else {
      return try InfrastructureReader.read(text: request.body, file: Self.file, environment: [:])
    }
    return try VXDLReader.read(text: request.body, file: Self.file).infrastructure().infrastructure
  }

  private func checkImages(_ infrastructure: VirtualInfrastructure) throws(Problem) {
    guard !isLocalAdministrator, let node = infrastructure.nodes.first(where: { $0.image != .host }) else { return }
    throw Problem(
      .notPermitted, "image-not-permitted",
      "Node \(node.name) names an image by its path on the hosts, which only a local administrator may.",
      remedy: "Leave the image out, or ask an administrator to build it.")
  }

  /// True for who could read every file of this machine anyhow.
  var isLocalAdministrator: Bool {
    guard let principal, principal.uid != nil else { return false }
    return service.access.policy.settings.role(of: principal) == .administrator
  }

  /// The body as a substrate.
  func readSubstrate() throws -> Substrate {
    switch bodyType {
    case "application/xml" where Self.isGraphML(request.body):
      return try GraphMLReader.read(text: request.body, file: Self.file)
    case "application/xml": return try VXDLReader.read(text: request.body, file: Self.file).substrate().substrate
    case "application/json" where Self.isNodeLink(request.body):
      return try NodeLinkReader.read(text: request.body, file: Self.file)
    default: return try SubstrateReader.read(text: request.body, file: Self.file, environment: [:])
    }
  }

  /// By the first element's name.
  private static func isGraphML(_ body: [UInt8]) -> Bool {
    let head = String(decoding: body.prefix(4096), as: UTF8.self)
    return head.contains("<graphml") || head.contains(":graphml")
  }

  /// A published topology has links between nodes; a substrate file has sites.
  private static func isNodeLink(_ body: [UInt8]) -> Bool {
    let head = String(decoding: body.prefix(1 << 16), as: UTF8.self)
    return head.contains("\"nodes\"") && !head.contains("\"sites\"")
  }

  /// What an editor is told: at most the one problem at which the reader stops.
  func check(_ language: String) -> CheckDocument {
    do {
      if language == "substrate" { _ = try readSubstrate() } else { _ = try readRequest() }
      return CheckDocument(problems: [])
    } catch let problem as Problem {
      return CheckDocument(problems: [ProblemDocument(problem)])
    } catch {
      let problem = Problem(.invalid, "unreadable", "The file cannot be read: \(error).", remedy: "Write it anew.")
      return CheckDocument(problems: [ProblemDocument(problem)])
    }
  }

  /// How the request shall be built.
  func buildMode() -> Order.BuildMode {
    Order.BuildMode(
      algorithm: request.parameter("algorithm").flatMap { Strategy(rawValue: $0) },
      seed: number("seed").map { UInt64($0) }, budget: number("budget"),
      restartsElsewhere: request.parameter("restart") == "elsewhere")
  }
}

extension RouteParameter {
  static let building: [RouteParameter] = [
    .query("algorithm", .choice(Strategy.allCases.map(\.rawValue)), "What embeddings should be good at."),
    .query("seed", .integer(0...Int(Int32.max)), "Seed of the search; the same seed gives the same answer."),
    .query("budget", .integer(1...10_000_000), "Steps to spend on the search at most."),
  ]
}
