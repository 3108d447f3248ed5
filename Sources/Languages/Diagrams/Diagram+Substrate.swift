import Infrastructure
import Quantities

extension Diagram {
  /// How much of a substrate is drawn.
  public enum Detail: Hashable, Sendable {
    /// Each site is a group with its hosts.
    case hosts
    /// Each site is one node that counts its hosts.
    case sites
  }

  /// Most hosts and sites that are drawn one by one where the detail is not chosen.
  private static let readableHosts = 40
  private static let readableSites = 12

  /// A substrate: its sites, their hosts, and the core links with rate and latency.
  ///
  /// - Parameter detail: nil is `hosts` for up to 40 hosts at up to 12 sites, else `sites`.
  public init(_ substrate: Substrate, detail: Detail? = nil) {
    let isSmall = substrate.hosts.count <= Self.readableHosts && substrate.sites.count <= Self.readableSites
    let detail = detail ?? (isSmall ? .hosts : .sites)
    self.init(
      title: "Substrate \(substrate.name)", layout: detail == .hosts ? .layers : .springs)
    let positions =
      detail == .hosts ? addSitesWithHosts(substrate) : addSites(substrate)
    for link in substrate.links {
      guard let from = positions[link.ends.first], let to = positions[link.ends.second] else { continue }
      edges.append(Edge(from: from, to: to, label: DiagramText.link(link)))
    }
  }

  /// Gives the node of each site.
  private mutating func addSites(_ substrate: Substrate) -> [Name: Int] {
    let hosts = Dictionary(grouping: substrate.hosts, by: \.site)
    var positions: [Name: Int] = [:]
    for site in substrate.sites {
      let label = "\(site.name)\n\(Self.summary(hosts[site.name] ?? []))"
      positions[site.name] = add(Node(label: label, shape: .site))
    }
    return positions
  }

  /// Gives the switch of each site.
  private mutating func addSitesWithHosts(_ substrate: Substrate) -> [Name: Int] {
    let hosts = Dictionary(grouping: substrate.hosts, by: \.site)
    var positions: [Name: Int] = [:]
    for site in substrate.sites {
      let group = add(Group(label: site.name.description, kind: .site))
      let position = add(Node(label: "switch", shape: .switch, group: group))
      positions[site.name] = position
      for host in hosts[site.name] ?? [] {
        let node = add(Node(label: "\(host.name)\n\(DiagramText.host(host))", shape: .host, group: group))
        edges.append(Edge(from: position, to: node, label: host.uplink?.description ?? ""))
      }
    }
    return positions
  }

  /// `4 hosts, 128 cores, 512GiB`.
  private static func summary(_ hosts: [Host]) -> String {
    guard !hosts.isEmpty else { return "no hosts" }
    let cores = hosts.reduce(UInt64(0)) { $0.addingReportingOverflow($1.cpu.thousandths).partialValue }
    let memory = hosts.reduce(UInt64(0)) { $0.addingReportingOverflow($1.memory.bytes).partialValue }
    return "\(hosts.count) host\(hosts.count == 1 ? "" : "s")\n\(Cores(thousandths: cores)) cores, "
      + "\(ByteCount(bytes: memory))"
  }
}
