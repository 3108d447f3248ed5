import Embedding
import Infrastructure
import Quantities

/// A wire with a minimum a direction.
func wire(
  _ text: String, _ a: String, _ b: String, _ forward: UInt64, back: UInt64? = nil, latency: Duration? = nil
) -> Network {
  var wire = network(text, [a, b], .wire, minimum: mbit(forward), latency: latency)
  wire.reverseRate = back.map { RateRange(minimum: mbit($0)) }
  return wire
}

func tree(_ hosts: [String], _ sites: [String], _ links: [Int], _ paths: [SplitPath] = []) -> NetworkTree {
  NetworkTree(hosts: hosts.map(name), sites: sites.map(name), links: links, paths: paths)
}

func path(_ links: [Int], _ rate: UInt64, back: UInt64? = nil) -> SplitPath {
  SplitPath(links: links, rate: mbit(rate), reverseRate: mbit(back ?? rate))
}

func embedding(_ placement: [String: String], _ trees: [String: NetworkTree] = [:]) -> Embedding {
  Embedding(
    placement: Dictionary(uniqueKeysWithValues: placement.map { (name($0), name($1)) }),
    trees: Dictionary(uniqueKeysWithValues: trees.map { (name($0), $1) }))
}

/// All violations, one a line; empty where there is none.
func check(
  _ embedding: Embedding, _ request: VirtualInfrastructure, on view: SubstrateView = SubstrateView(triangle)
) -> String {
  EmbeddingCheck.violations(of: embedding, for: request, on: view).joined(separator: "\n")
}

extension SubstrateView {
  /// With this much of one resource held by others.
  func taking(_ amount: UInt64, of resource: Resource) -> SubstrateView {
    var used = used
    used[ResourceNumbers(substrate)[resource]] += amount
    return holding(used)
  }
}
