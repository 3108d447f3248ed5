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
  /// MTU of each network, in the order of the file.
  private let mtus: [Int]
  private let hostsFile: String

  init(_ admission: Admission, on topology: Topology) throws(Problem) {
    self.admission = admission
    self.topology = topology
    ports = try PortTable(admission)
    hostsFile = HostsFile.text(for: admission.infrastructure, ports)
    var mtus: [Int] = []
    mtus.reserveCapacity(admission.infrastructure.networks.count)
    for network in admission.infrastructure.networks {
      mtus.append(try PathMTU(network, tree: try ports.tree(of: network), on: topology).value)
    }
    self.mtus = mtus
  }

  /// What this infrastructure has on each host, in the order of the substrate.
  ///
  /// `scopes`: the names that each host's namespace has handed out, to this infrastructure and others.
  func slices(_ scopes: inout [Name: NameScope]) throws(Problem) -> [(host: Name, plan: SlicePlan)] {
    let infrastructure = admission.infrastructure
    var nodesOn: [Name: [Int]] = [:]
    for (index, node) in infrastructure.nodes.enumerated() {
      nodesOn[try ports.host(of: node.name), default: []].append(index)
    }
    var networksOn: [Name: [Int]] = [:]
    for (index, network) in infrastructure.networks.enumerated() {
      for host in try ports.tree(of: network).hosts { networksOn[host, default: []].append(index) }
    }
    var result: [(host: Name, plan: SlicePlan)] = []
    for host in topology.substrate.hosts {
      guard let nodes = nodesOn.removeValue(forKey: host.name) else { continue }
      let networks = networksOn[host.name] ?? []
      result.append((host.name, try slice(on: host, nodes, networks, &scopes[host.name, default: NameScope()])))
    }
    if let lost = nodesOn.keys.min() {
      throw Disagreement.problem(infrastructure.name, "host \(lost) is not in the substrate")
    }
    return result
  }

  private func slice(
    on host: Host, _ nodes: [Int], _ networks: [Int], _ names: inout NameScope
  ) throws(Problem) -> SlicePlan {
    var plans: [NetworkPlan] = []
    var bridges: [Int: String] = [:]
    for index in networks {
      let plan = try networkPlan(index, on: host, &names)
      bridges[index] = plan.bridge
      plans.append(plan)
    }
    var machines: [MachinePlan] = []
    machines.reserveCapacity(nodes.count)
    for index in nodes { machines.append(try machine(index, bridges, &names)) }
    return SlicePlan(
      infrastructure: admission.infrastructure.name, number: admission.number, networks: plans, machines: machines,
      hostsFile: hostsFile)
  }

  private func networkPlan(_ index: Int, on host: Host, _ names: inout NameScope) throws(Problem) -> NetworkPlan {
    let network = admission.infrastructure.networks[index]
    let label = "\(admission.infrastructure.name)/\(network.name)"
    let unique = "\(admission.number)/\(label)"
    let bridge = names.name("br", unique)
    var trunk: TrunkPlan?
    if !(try ports.tree(of: network).sites.isEmpty) {
      trunk = TrunkPlan(
        uplink: Topology.uplink, vlan: try ports.vlan(of: network.name, at: host.site), port: names.name("tr", unique),
        stub: names.name("st", unique))
    }
    return NetworkPlan(
      label: label, number: try ports.number(of: network.name), bridge: bridge, mtu: mtus[index], trunk: trunk)
  }

  private func machine(_ index: Int, _ bridges: [Int: String], _ names: inout NameScope) throws(Problem) -> MachinePlan
  {
    let node = admission.infrastructure.nodes[index]
    let label = "\(admission.infrastructure.name)/\(node.name)"
    var plans: [PortPlan] = []
    for port in ports.ofNode[index] {
      guard let bridge = bridges[port.network] else {
        throw Disagreement.problem(
          admission.infrastructure.name, "a tree leaves out the host of node \(node.name)")
      }
      let name = "\(label):\(port.endpoint.interface)"
      plans.append(
        PortPlan(
          port: names.name("p", "\(admission.number)/\(name)"), interface: port.endpoint.interface, bridge: bridge,
          mac: port.mac, mtu: mtus[port.network], addresses: port.endpoint.addresses, label: name))
    }
    return MachinePlan(
      name: node.name, label: label, key: admission.machineKey(of: node), isRouter: node.kind == .router,
      image: ImagePlan(node.image), cpu: node.cpu, memory: node.memory, ports: plans,
      routes: Routes.of(node, ports.ofNode[index].map(\.endpoint)), software: node.software)
  }
}

extension ImagePlan {
  init(_ image: Image) {
    switch image {
    case .host: self = .host
    case .directory(let path): self = .directory(path)
    case .archive(let path): self = .archive(path)
    }
  }
}
