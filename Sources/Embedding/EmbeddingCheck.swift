import Infrastructure
import Quantities

/// Adds embeddings up again, from nothing but the model, and lists what they break.
///
/// Written apart from every embedder and from what embedders stand on (`Embedding.demands`, directories, graphs),
/// plainly, so that both can hardly be wrong alike: where a node, a link or a direction goes is read from the
/// placement and the endpoints anew, never from what the embedding says that it sums up to.
public struct EmbeddingCheck {
  let embedding: Embedding
  let request: VirtualInfrastructure
  let ground: Ground
  /// How long it is held; nil is without end.
  let duration: Duration?
  var found: [String] = []

  /// One sentence for each violation; empty where the embedding is right.
  ///
  /// Amounts are those at the start of the lease; `violations(in:on:)` follows the timeline.
  ///
  /// - Parameter view: What others have reserved; `embedding` itself must not be in it.
  public static func violations(
    of embedding: Embedding, for request: VirtualInfrastructure, on view: SubstrateView
  ) -> [String] {
    let ground = Ground(view.substrate)
    var check = EmbeddingCheck(embedding, request, ground, request.lease.duration)
    check.form()
    let numbers = ResourceNumbers(view.substrate)
    for (resource, amount) in check.amounts(of: request).sorted(by: { numbers[$0.key] < numbers[$1.key] }) {
      let sum = UInt128(view.used[numbers[resource]]) + amount
      if let excess = ground.excess(sum, of: resource) { check.found.append(excess) }
    }
    return check.found
  }

  init(_ embedding: Embedding, _ request: VirtualInfrastructure, _ ground: Ground, _ duration: Duration?) {
    self.embedding = embedding
    self.request = request
    self.ground = ground
    self.duration = duration
  }

  /// Everything that does not depend on what others hold.
  mutating func form() {
    coverage()
    for node in request.nodes { pins(of: node) }
    for rule in request.rules { rule.kind == .together ? together(rule) : apart(rule) }
    for network in request.networks {
      guard let tree = embedding.trees[network.name] else { continue }
      self.tree(tree, of: network)
    }
  }

  mutating func expect(_ holds: Bool, _ violation: @autoclosure () -> String) {
    if !holds { found.append(violation()) }
  }
}

extension EmbeddingCheck {
  /// A substrate by name, and how much of it may be promised.
  struct Ground {
    let substrate: Substrate
    let hosts: [Name: Int]
    let sites: [Name: Int]

    init(_ substrate: Substrate) {
      self.substrate = substrate
      hosts = Dictionary(substrate.hosts.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
      sites = Dictionary(substrate.sites.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// What there is to be promised; nil is not limited.
    func limit(of resource: Resource) -> UInt128? {
      switch resource {
      case .cpu(let host): UInt128(substrate.hosts[host].cpu.thousandths)
      case .memory(let host): UInt128(substrate.hosts[host].memory.bytes)
      case .storage(let host): substrate.hosts[host].storage.map { UInt128($0.bytes) }
      case .slots(let host): substrate.hosts[host].slots.map { UInt128(max(0, $0)) }
      case .tenancy: UInt128(Resource.wholeHost)
      case .uplink(let host, _): promised(substrate.hosts[host].uplink)
      case .link(let link, _): promised(substrate.links[link].rate)
      case .vlans(let site): UInt128(substrate.sites[site].vlans.members.count)
      }
    }

    /// A rate without what best effort keeps of it, which is rounded up to a whole bit/s.
    private func promised(_ rate: Bitrate?) -> UInt128? {
      guard let rate = rate.map({ UInt128($0.bitsPerSecond) }) else { return nil }
      let kept = UInt128(min(99, max(0, substrate.bestEffort)))
      return rate - (rate * kept + 99) / 100
    }

    /// A sentence where `sum` is more than there is of the resource.
    func excess(_ sum: UInt128, of resource: Resource) -> String? {
      guard let limit = limit(of: resource), sum > limit else { return nil }
      if case .tenancy(let host) = resource {
        return "host \(substrate.hosts[host].name) carries an exclusive node and nodes of other infrastructures"
      }
      func text(_ amount: UInt128) -> String {
        Substrate.text(UInt64(clamping: amount), of: resource)
      }
      return "\(substrate.name(of: resource)): \(text(sum)) taken of \(text(limit)), \(text(sum - limit)) too much"
    }
  }

  /// Where a node is; nil where its host is not in the substrate.
  func host(of node: Name) -> Int? { embedding.placement[node].flatMap { ground.hosts[$0] } }

  /// Site of a node's host.
  func site(of node: Name) -> Name? { host(of: node).map { ground.substrate.hosts[$0].site } }
}
