import Controller
import Infrastructure
import Linux
import Measurement
import Quantities

/// Two nodes with the way between them that is measured.
struct BenchPair {
  /// The network that both are in; nil where the way leads over several.
  var network: Network?
  var from, to: Name
  var path: TrafficPath
  /// What is promised from the first to the second.
  var rate: Bitrate?

  /// The network's name, or `routed`.
  var label: String { network?.name.description ?? "routed" }
}

/// The pairs of nodes that `virtcloud bench network` measures.
struct BenchPairs {
  private(set) var pairs: [BenchPair] = []
  private let view: InfrastructureView
  private var infrastructure: VirtualInfrastructure { view.record.admission.infrastructure }

  /// One pair for each chosen network: the nodes that are named, else its first two that run and have addresses.
  ///
  /// Throws `no-such-network`, `no-such-node`, `node-not-running`, `not-connected` or `nothing-to-measure`.
  init(_ view: InfrastructureView, networks: [String], from: String?, to: String?) throws {
    self.view = view
    let (from, to) = (try node(from), try node(to))
    guard from == nil || from != to else {
      throw Problem(
        .invalid, "same-node", "A node is not measured against itself.", remedy: "Name two different nodes.")
    }
    for network in try chosen(networks) {
      if let pair = try pair(in: network, from, to) { pairs.append(pair) }
    }
    if pairs.isEmpty, networks.isEmpty, let from, let to { pairs = [try routed(from, to)] }
    guard pairs.isEmpty else { return }
    throw Problem(
      .failed, "nothing-to-measure",
      "No network of \(view.record.name) has two such nodes that run and have addresses.",
      remedy: "Name networks and nodes that 'virtcloud show \(view.record.name)' lists with addresses.")
  }

  private func chosen(_ names: [String]) throws(Problem) -> [Network] {
    let known = infrastructure.networks.map(\.name.description)
    for name in names where !known.contains(name) {
      throw Problem(
        .notFound, "no-such-network", "Infrastructure \(view.record.name) has no network '\(name.excerpt)'.",
        remedy: Nearest.name(to: name, among: known).map { "Did you mean \($0)?" }
          ?? "Its networks are: \(known.prefix(20).joined(separator: ", ")).")
    }
    return infrastructure.networks.filter { names.isEmpty || names.contains($0.name.description) }
  }

  private func node(_ text: String?) throws(Problem) -> Name? {
    guard let text else { return nil }
    let known = infrastructure.nodes.map(\.name)
    guard let name = known.first(where: { $0.description == text }) else {
      throw Problem(
        .notFound, "no-such-node", "Infrastructure \(view.record.name) has no node '\(text.excerpt)'.",
        remedy: Nearest.name(to: text, among: known.map(\.description)).map { "Did you mean \($0)?" }
          ?? "Its nodes are: \(known.prefix(20).map(\.description).joined(separator: ", ")).")
    }
    guard view.running[name] != nil else {
      throw Problem(
        .failed, "node-not-running", "Node \(name) of \(view.record.name) is not running.",
        remedy: "Run 'virtcloud up' with its file again: it starts what has stopped.")
    }
    return name
  }

  /// Nil where the network has not two such ends.
  private func pair(in network: Network, _ from: Name?, _ to: Name?) throws -> BenchPair? {
    let ends = network.endpoints.filter { !$0.addresses.isEmpty && view.running[$0.node] != nil }
    let first = ends.first { from == nil ? $0.node != to : $0.node == from }
    guard let first, let second = ends.first(where: { to == nil ? $0.node != first.node : $0.node == to }),
      let (source, destination) = addresses(first, second)
    else { return nil }
    // A wire's reverse rate holds from its second end to its first.
    let isReverse = network.kind == .wire && network.endpoints.last?.node == first.node
    let rate = isReverse ? network.reverseRate ?? network.rate : network.rate
    return BenchPair(
      network: network, from: first.node, to: second.node,
      path: TrafficPath(
        from: try namespace(of: first.node), to: try namespace(of: second.node), source: source,
        destination: destination),
      rate: rate.maximum ?? rate.minimum)
  }

  /// Of one family.
  private func addresses(_ first: Endpoint, _ second: Endpoint) -> (IPAddress, IPAddress)? {
    for source in first.addresses.map(\.address) {
      if let other = second.addresses.map(\.address).first(where: { $0.version == source.version }) {
        return (source, other)
      }
    }
    return nil
  }

  /// To the second node's first address, over whatever routers there are.
  private func routed(_ from: Name, _ to: Name) throws -> BenchPair {
    let addresses = infrastructure.networks.flatMap(\.endpoints).filter { $0.node == to }.flatMap(\.addresses)
    guard let destination = addresses.first?.address else {
      throw Problem(
        .failed, "nothing-to-measure", "Node \(to) of \(view.record.name) has no address.",
        remedy: "Name a node that has one.")
    }
    return BenchPair(
      from: from, to: to,
      path: TrafficPath(from: try namespace(of: from), to: try namespace(of: to), destination: destination))
  }

  private func namespace(of node: Name) throws -> NetworkNamespace {
    try .open(process: view.running[node] ?? 0)
  }
}
