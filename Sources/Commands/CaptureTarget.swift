import Capture
import Controller
import Infrastructure
import Linux
import Quantities

/// What a capture listens on: one interface of a node, or all of a wire's or segment's.
struct CaptureTarget {
  var points: [CapturePoint]
  /// Nodes of the wire or segment that do not run.
  var missing: [Name]

  /// Finds it by the word that the user gave: `NODE:IF`, or the name of a wire or segment.
  ///
  /// Throws `.notFound` with the names that exist, and `.failed` where nothing of it runs.
  init(_ word: String, in view: InfrastructureView) throws(Problem) {
    let infrastructure = view.record.admission.infrastructure
    let endpoints = Self.endpoints(word, infrastructure)
    guard !endpoints.isEmpty else { throw Self.unknown(word, infrastructure) }
    guard view.record.standing.phase != .reserved else {
      throw Problem(
        .failed, "not-begun", "\(infrastructure.name) is reserved and begins at \(view.record.interval.lowerBound).",
        remedy: "Wait until then: it begins by itself.")
    }
    points = endpoints.compactMap { endpoint in
      view.running[endpoint.node].map {
        CapturePoint(label: endpoint.label, interface: endpoint.interface, place: .machine(process: $0))
      }
    }
    missing = endpoints.map(\.node).filter { view.running[$0] == nil }
    guard points.isEmpty else { return }
    let (noun, verb) = missing.count == 1 ? ("Node", "is") : ("Nodes", "are")
    throw Problem(
      .failed, "node-not-running",
      "\(noun) \(missing.map(\.description).joined(separator: ", ")) of \(infrastructure.name) \(verb) not running.",
      remedy: "Run 'virtcloud up' with its file again: it starts what has stopped.")
  }

  /// All words that name something to listen on: the networks, then each interface.
  static func names(in infrastructure: VirtualInfrastructure) -> [String] {
    infrastructure.networks.map(\.name.description) + labels(in: infrastructure)
  }

  private static func endpoints(_ word: String, _ infrastructure: VirtualInfrastructure) -> [Endpoint] {
    guard word.contains(":") else {
      return infrastructure.networks.first { $0.name.description == word }?.endpoints ?? []
    }
    return infrastructure.networks.flatMap(\.endpoints).filter { $0.label == word }
  }

  private static func labels(in infrastructure: VirtualInfrastructure) -> [String] {
    let endpoints = Dictionary(grouping: infrastructure.networks.flatMap(\.endpoints), by: \.node)
    return infrastructure.nodes.flatMap { (endpoints[$0.name] ?? []).map(\.label).sorted() }
  }

  private static func unknown(_ word: String, _ infrastructure: VirtualInfrastructure) -> Problem {
    let networks = infrastructure.networks.map(\.name.description)
    let interfaces = labels(in: infrastructure)
    let known = [("networks", networks), ("interfaces", interfaces)].filter { !$0.1.isEmpty }
      .map { "its \($0.0) are \(listed($0.1))" }.joined(separator: "; ")
    return Problem(
      .notFound, "nothing-to-capture",
      "\(infrastructure.name) has no wire, segment or interface '\(word.excerpt)'.",
      remedy: known.isEmpty ? "It has no network at all." : known.prefix(1).uppercased() + known.dropFirst() + ".")
  }

  /// The first names of a long list stand for all.
  private static func listed(_ names: [String]) -> String {
    let shown = names.prefix(24).joined(separator: ", ")
    return names.count > 24 ? "\(shown) and \(names.count - 24) more" : shown
  }
}

extension Endpoint {
  /// `NODE:INTERFACE`.
  fileprivate var label: String { "\(node):\(interface)" }
}
