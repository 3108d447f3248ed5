import Embedding
import Infrastructure
import Quantities
import Reservations

/// One segment or wire and where it goes: what `virtcloud plan` tells about networks.
public struct NetworkRow: Codable, Hashable, Sendable {
  public var network: Name
  public var kind: Network.Kind
  /// Hosts with a member, sorted.
  public var hosts: [Name]
  /// Sites that it crosses: of a wire in order from its first end, of a segment sorted; empty on one host.
  public var sites: [Name]
  /// The largest latency between two of its sites.
  public var latency: Duration
  /// By site; empty where it stays on one host, or before its lease starts.
  public var vlans: [Name: VLANID]
  /// Promised from the first end to the second, and back.
  public var minimum, reverseMinimum: Bitrate
  /// What it may use now that everybody's maxima are weighed, from the first end and back; nil is not limited.
  public var allowed, reverseAllowed: Bitrate?
}

extension NetworkRow {
  /// The rows of an admission by the order of networks.
  ///
  /// - Parameter others: What else is there at the same moment: it shares the links.
  public static func rows(of admission: Admission, beside others: [Admission], on view: SubstrateView) -> [NetworkRow] {
    let allowed = AllowedRates(of: others + [admission], on: view)
    return admission.infrastructure.networks.map { network in
      let tree = admission.embedding.trees[network.name] ?? NetworkTree(hosts: [], sites: [], links: [])
      let start = network.endpoints.first.flatMap { admission.embedding.placement[$0.node] }.flatMap(view.hostIndex)
      let path = Path(tree, from: start.map { view.directory.siteOfHost[$0] }, on: view)
      let rates = allowed.rates(of: network.name, in: admission.infrastructure.name)
      return NetworkRow(
        network: network.name, kind: network.kind, hosts: tree.hosts,
        sites: network.kind == .wire ? path.sites : tree.sites, latency: path.latency,
        vlans: admission.vlans[network.name] ?? [:], minimum: network.rate.minimum ?? .zero,
        reverseMinimum: (network.reverseRate ?? network.rate).minimum ?? .zero, allowed: rates.forward,
        reverseAllowed: rates.reverse)
    }
  }
}

/// The sites of a tree in the order in which they are reached from one of them.
private struct Path {
  var sites: [Name] = []
  var latency = Duration.zero

  init(_ tree: NetworkTree, from start: Int?, on view: SubstrateView) {
    guard !tree.sites.isEmpty, let start, start >= 0 else { return }
    var distance = [start: Duration.zero]
    var order = [start]
    for (link, direction) in view.directory.directions(of: tree.links, from: start) {
      let ends = view.directory.ends[link]
      let (near, far) = direction == .forward ? (ends.first, ends.second) : (ends.second, ends.first)
      distance[far] = (distance[near] ?? .zero) + view.substrate.links[link].latency
      order.append(far)
    }
    sites = order.map { view.substrate.sites[$0].name }
    latency = Self.diameter(tree, order, view)
  }

  private static func diameter(_ tree: NetworkTree, _ sites: [Int], _ view: SubstrateView) -> Duration {
    func farthest(from start: Int) -> (site: Int, latency: Duration) {
      var distance = [start: Duration.zero]
      var worst = (site: start, latency: Duration.zero)
      for (link, direction) in view.directory.directions(of: tree.links, from: start) {
        let ends = view.directory.ends[link]
        let (near, far) = direction == .forward ? (ends.first, ends.second) : (ends.second, ends.first)
        let latency = (distance[near] ?? .zero) + view.substrate.links[link].latency
        distance[far] = latency
        if latency > worst.latency { worst = (far, latency) }
      }
      return worst
    }
    // Twice the farthest walk finds a tree's diameter.
    return farthest(from: farthest(from: sites[0]).site).latency
  }
}
