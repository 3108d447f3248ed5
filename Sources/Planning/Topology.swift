import Infrastructure
import Quantities

/// The emulated wiring of a substrate: which sites have switches, and how every port is called.
///
/// A site whose hosts have trunks has a physical switch: it is nobody's to plan, and no cable is laid to it.
struct Topology: Sendable {
  /// A host's only port towards its site's switch, in the host's own namespace.
  static let uplink = HostPlan.uplink

  let substrate: Substrate
  /// Sites with a switch, in the order of the file.
  let switches: [Name]
  private let switchSet: Set<Name>
  /// VLANs of sites whose switches are real ones.
  private let physicalSites: [Name: String]
  private var cablesOf: [Name: [CablePlan]] = [:]
  private var hostsByName: [Name: Host]
  private let addresses: [Name: UInt32]
  /// The switch's port towards each host.
  private var hostPorts: [Name: String] = [:]
  /// Ports of each core link: at its first end and at its second.
  private var linkPorts: [(first: String, second: String)] = []
  private var namespaces: (hosts: [Name: String], switches: [Name: String]) = ([:], [:])
  private let tunnels: @Sendable (Name) -> String

  init(_ substrate: Substrate, realm: Realm) {
    self.substrate = substrate
    tunnels = { realm.namespace(of: $0, kind: "tunnels", substrate: substrate.name) }
    let linked = Set(substrate.links.flatMap { [$0.ends.first, $0.ends.second] })
    let hosts = Dictionary(grouping: substrate.hosts, by: \.site)
    let physical = substrate.physicalSites
    physicalSites = Dictionary(
      substrate.sites.filter { physical.contains($0.name) }.map { ($0.name, $0.vlans.description) },
      uniquingKeysWith: { first, _ in first })
    switches = substrate.sites.map(\.name).filter {
      ((hosts[$0]?.count ?? 0) > 1 || linked.contains($0)) && !physical.contains($0)
    }
    switchSet = Set(switches)
    addresses = Dictionary(
      substrate.hosts.enumerated().map { ($1.name, UInt32($0 & 0x3f_ffff) + 1) }, uniquingKeysWith: { a, _ in a })
    hostsByName = Dictionary(substrate.hosts.map { ($0.name, $0) }, uniquingKeysWith: { a, _ in a })
    nameNamespaces(realm)
    layCables()
  }

  func hasSwitch(_ site: Name) -> Bool { switchSet.contains(site) }
  /// The switch there is a real one.
  func isPhysical(_ site: Name) -> Bool { physicalSites[site] != nil }
  /// What is VirtCloud's at a site with a real switch.
  func trunkVLANs(_ site: Name) -> String { physicalSites[site] ?? "" }
  func host(_ name: Name) -> Host? { hostsByName[name] }
  func hostNamespace(_ host: Name) -> String { namespaces.hosts[host] ?? "" }
  func switchNamespace(_ site: Name) -> String { namespaces.switches[site] ?? "" }
  func cables(of site: Name) -> [CablePlan] { cablesOf[site] ?? [] }
  func switchPort(towards host: Name) -> String? { hostPorts[host] }

  /// The port of core link `index` at `site`; nil where the link does not end there.
  func linkPort(_ index: Int, at site: Name) -> String? {
    guard substrate.links.indices.contains(index) else { return nil }
    let ends = substrate.links[index].ends
    if ends.first == site { return linkPorts[index].first }
    return ends.second == site ? linkPorts[index].second : nil
  }

  /// Address of a host on the cables between hosts, from the shared address space (RFC 6598, 100.64.0.0/10): frames
  /// that bear it never enter an IP stack.
  func underlayAddress(of host: Name) -> UInt32 { 100 << 24 | 64 << 16 | (addresses[host] ?? 0) }

  func tunnelNamespace(_ host: Name) -> String { tunnels(host) }

  /// Both ends of every cable whose rate is limited.
  var limitedEnds: [(device: String, interface: String, rate: Bitrate)] {
    var ends: [(device: String, interface: String, rate: Bitrate)] = []
    for host in substrate.hosts {
      guard let rate = host.uplink else { continue }
      // What a physical switch sends is not ours to limit.
      if isPhysical(host.site) { ends.append((hostNamespace(host.name), Self.uplink, rate)) }
      guard let port = hostPorts[host.name] else { continue }
      ends.append((hostNamespace(host.name), Self.uplink, rate))
      ends.append((switchNamespace(host.site), port, rate))
    }
    for (link, ports) in zip(substrate.links, linkPorts) {
      guard let rate = link.rate, !ports.first.isEmpty else { continue }
      ends.append((switchNamespace(link.ends.first), ports.first, rate))
      ends.append((switchNamespace(link.ends.second), ports.second, rate))
    }
    return ends
  }

  private mutating func nameNamespaces(_ realm: Realm) {
    for host in substrate.hosts {
      namespaces.hosts[host.name] = realm.namespace(of: host.name, kind: "host", substrate: substrate.name)
    }
    for site in switches {
      namespaces.switches[site] = realm.namespace(of: site, kind: "switch", substrate: substrate.name)
    }
  }

  private mutating func layCables() {
    var scopes = Dictionary(uniqueKeysWithValues: switches.map { ($0, NameScope()) })
    for host in substrate.hosts {
      guard let port = scopes[host.site]?.name("up", "host/\(host.name)") else { continue }
      hostPorts[host.name] = port
      cablesOf[host.site, default: []].append(
        CablePlan(
          near: port, far: Self.uplink, farNamespace: hostNamespace(host.name),
          label: "uplink \(host.name) - \(host.site)", mtu: host.mtu))
    }
    for link in substrate.links {
      let (a, b) = (link.ends.first, link.ends.second)
      guard hasSwitch(a), hasSwitch(b) else {
        linkPorts.append(("", ""))
        continue
      }
      // Parallel links between the same sites find the name taken, and get the next.
      let ports = (
        first: scopes[a]?.name("cl", "core/\(a)/\(b)") ?? "", second: scopes[b]?.name("cl", "core/\(a)/\(b)") ?? ""
      )
      linkPorts.append(ports)
      cablesOf[a, default: []].append(
        CablePlan(
          near: ports.first, far: ports.second, farNamespace: switchNamespace(b), label: "core \(a) - \(b)",
          mtu: link.mtu))
    }
  }
}
