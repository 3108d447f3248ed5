import Embedding
import Infrastructure
import Quantities
import Reservations

/// Plans one infrastructure: its slice of every host it uses, and its domains in the switches.
///
/// One walk over networks and endpoints; linear in their number.
struct SlicePlanner {
  let admission: Admission
  let topology: Topology
  let ports: PortTable
  /// Of each network, in the order of the file.
  let courses: [NetworkCourse]
  private let hostsFile: String

  init(_ admission: Admission, on topology: Topology, allowed: AllowedRates) throws(Problem) {
    self.admission = admission
    self.topology = topology
    ports = try PortTable(admission)
    hostsFile = HostsFile.text(for: admission.infrastructure, ports)
    var courses: [NetworkCourse] = []
    courses.reserveCapacity(admission.infrastructure.networks.count)
    for network in admission.infrastructure.networks {
      let tree = try ports.tree(of: network)
      let core = topology.substrate.core
      let isLocal = tree.sites.isEmpty
      try Carriage.check(network, over: core, isLocal: isLocal)
      let carriage = Carriage(network, over: core, isLocal: isLocal)
      if let site = tree.sites.first(where: topology.isPhysical) {
        try Self.checkPhysical(network, carriage, of: admission, at: site, crossing: tree.sites)
      }
      courses.append(
        NetworkCourse(
          network, number: try ports.number(of: network.name), tree: tree, carriage: carriage,
          mtu: try PathMTU(network, carriage, tree: tree, on: topology).value,
          allowed: allowed.rates(of: network.name, in: admission.infrastructure.name),
          start: network.endpoints.first.flatMap { admission.embedding.placement[$0.node] },
          outer: core == .stacked ? try Self.outerTag(admission) : nil, on: topology))
    }
    self.courses = courses
  }

  /// A physical switch forwards VLANs as they are, and nothing else.
  private static func checkPhysical(
    _ network: Network, _ carriage: Carriage, of admission: Admission, at site: Name, crossing sites: [Name]
  ) throws(Problem) {
    guard carriage == .vlan else {
      throw Problem(
        .refused, "wire-type-unavailable",
        "\(network.kind.rawValue) \(network.name) is '\(network.type.rawValue)', but the physical switch of site \(site) carries VLANs only.",
        remedy: "Write 'type: auto' or 'native', or put both ends on one host.")
    }
    try admission.checkOneVLAN(of: network.name, crossing: sites)
  }

  /// The outer tag is the infrastructure's: its number.
  private static func outerTag(_ admission: Admission) throws(Problem) -> VLANID {
    if admission.number <= 4094, let tag = VLANID(UInt16(admission.number)) { return tag }
    throw Problem(
      .refused, "outer-tags-exhausted",
      "infrastructure \(admission.infrastructure.name) would need an outer tag above 4094 on an 802.1ad core",
      remedy: "Take an infrastructure down, or join the sites by 'core: vxlan'.")
  }

  /// What this infrastructure has on each host, in the order of the substrate.
  ///
  /// `scopes`: the names that each host's namespace has handed out, to this infrastructure and others.
  func slices(
    _ scopes: inout [Name: NameScope], _ shaping: inout ShapingTable
  ) throws(Problem) -> [(host: Name, plan: SlicePlan)] {
    let infrastructure = admission.infrastructure
    var nodesOn: [Name: [Int]] = [:]
    for (index, node) in infrastructure.nodes.enumerated() {
      nodesOn[try ports.host(of: node.name), default: []].append(index)
    }
    var networksOn: [Name: [Int]] = [:]
    for (index, course) in courses.enumerated() {
      for host in course.tree.hosts { networksOn[host, default: []].append(index) }
    }
    var result: [(host: Name, plan: SlicePlan)] = []
    for host in topology.substrate.hosts {
      guard let nodes = nodesOn.removeValue(forKey: host.name) else { continue }
      // Taken out, for a set of names that two have would be copied with the first that is added.
      var slice = HostSlicePlanner(self, host, names: scopes.removeValue(forKey: host.name) ?? NameScope())
      let plan = try slice.plan(nodes, networksOn[host.name] ?? [], hostsFile, &shaping)
      scopes[host.name] = slice.names
      result.append((host.name, plan))
    }
    if let lost = nodesOn.keys.min() {
      throw Disagreement.problem(infrastructure.name, "host \(lost) is not in the substrate")
    }
    return result
  }
}
