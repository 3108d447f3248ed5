import Infrastructure
import Quantities

/// Plans what one infrastructure has on one host.
struct HostSlicePlanner {
  private let planner: SlicePlanner
  private let host: Host
  private(set) var names: NameScope
  /// Names of the host's ports, by node and position.
  private var portNames: [Int: [String]] = [:]
  /// Ports of each network here.
  private var portsOf: [Int: [String]] = [:]
  private var bridges: [Int: String] = [:]
  private var tunnels: [Int: TunnelPlan] = [:]

  init(_ planner: SlicePlanner, _ host: Host, names: NameScope) {
    self.planner = planner
    self.host = host
    self.names = names
  }

  /// Hosts of a network that goes by VXLAN: this one, and as many as the programs copy a frame for.
  private static var mostHosts: Int { 65 }

  private var admission: Admission { planner.admission }

  mutating func plan(
    _ nodes: [Int], _ networks: [Int], _ hostsFile: String, _ shaping: inout ShapingTable
  ) throws(Problem) -> SlicePlan {
    for node in nodes { namePorts(of: node) }
    var plans: [NetworkPlan] = []
    plans.reserveCapacity(networks.count)
    for index in networks { plans.append(try network(index, &shaping)) }
    for index in networks { try addTunnel(index) }
    var machines: [MachinePlan] = []
    machines.reserveCapacity(nodes.count)
    for index in nodes { machines.append(try machine(index)) }
    for (index, tunnel) in tunnels.sorted(by: { $0.key < $1.key }) {
      guard let position = networks.firstIndex(of: index) else { continue }
      // The wire itself ends at the tunnel; what is encrypted has the ways.
      var carrier = plans[position]
      (carrier.number, carrier.port, carrier.mtu) = (tunnel.carrier, tunnel.outer, tunnel.outerMTU)
      (plans[position].ways, plans[position].port) = ([], nil)
      plans.append(carrier)
    }
    var slice = SlicePlan(
      infrastructure: admission.infrastructure.name, number: admission.number, networks: plans, machines: machines,
      hostsFile: hostsFile)
    slice.tunnels = tunnels.sorted { $0.key < $1.key }.map(\.value)
    return slice
  }

  /// A wire's end that is encrypted; it needs programs on both sides of the process.
  private mutating func addTunnel(_ index: Int) throws(Problem) {
    let course = planner.courses[index]
    guard case .tunnel = course.carriage, let port = portsOf[index]?.first else { return }
    guard planner.topology.substrate.fastPath else {
      throw Problem(
        .refused, "wire-type-unavailable", "Wire \(course.network.name) is tunnelling, which needs the fast path.",
        remedy: "Leave 'fast-path: false' out of the substrate, or give the wire another type.")
    }
    let label = "\(admission.infrastructure.name)/\(course.network.name)"
    func name(_ prefix: String) -> String { names.name(prefix, "\(admission.number)/\(label)") }
    let addresses = TunnelPlan.addresses(of: course.number)
    let isFirst = course.start == host.name
    tunnels[index] = TunnelPlan(
      label: label, infrastructure: admission.number, network: course.number,
      carrier: course.carrier, inner: name("ti"), inside: name("tj"),
      outer: name("to"), outside: name("tu"), tap: name("tt"), port: port,
      local: isFirst ? addresses.first : addresses.second, remote: isFirst ? addresses.second : addresses.first,
      isInitiator: isFirst, mtu: course.mtu, outerMTU: course.mtu + PathMTU.tunnelOverhead)
  }

  private mutating func namePorts(of node: Int) {
    let name = admission.infrastructure.nodes[node].name
    for port in planner.ports.ofNode[node] {
      let label = "\(admission.infrastructure.name)/\(name):\(port.endpoint.interface)"
      let short = names.name("p", "\(admission.number)/\(label)")
      portNames[node, default: []].append(short)
      portsOf[port.network, default: []].append(short)
    }
  }

  private mutating func network(_ index: Int, _ shaping: inout ShapingTable) throws(Problem) -> NetworkPlan {
    let course = planner.courses[index]
    let label = "\(admission.infrastructure.name)/\(course.network.name)"
    let unique = "\(admission.number)/\(label)"
    let isFast = planner.topology.substrate.fastPath
    var plan = NetworkPlan(
      label: label, number: course.number, bridge: nil, mtu: course.mtu, isFast: isFast,
      learns: course.network.guarding.level == .none && course.network.kind == .segment)
    if course.network.kind == .segment || !isFast {
      // Where programs learn, the bridge is a hub; a hub has another name, so that one is never taken for the other.
      plan.bridge = names.name(plan.isHub ? "hb" : "br", unique)
      bridges[index] = plan.bridge
    } else if course.carriage != .local {
      plan.port = portsOf[index]?.first
    }
    guard course.carriage != .local else { return plan }
    if plan.bridge != nil { plan.trunk = TrunkPlan(port: names.name("tr", unique), stub: names.name("st", unique)) }
    plan.ways = try ways(course, &shaping)
    return plan
  }

  private func ways(_ course: NetworkCourse, _ shaping: inout ShapingTable) throws(Problem) -> [WayPlan] {
    let (range, allowed) = course.range(leaving: host.name)
    let uplink = Topology.uplink
    let classID = shaping.classID(
      of: course.carrier, on: uplink, of: planner.topology.hostNamespace(host.name), range, allowed: allowed)
    if course.carriage == .vlan {
      let vlan = try planner.ports.vlan(of: course.network.name, at: host.site)
      return [WayPlan(uplink: uplink, tag: .vlan(vlan, outer: nil), classID: classID)]
    }
    // Said here, before anything is kept: on the host it would stop everybody's changes.
    guard course.tree.hosts.count <= Self.mostHosts else {
      throw Problem(
        .refused, "network-too-large",
        "Network \(course.network.name) has \(course.tree.hosts.count) hosts, but VXLAN carries \(Self.mostHosts).",
        remedy: "Spread its nodes over fewer hosts, or join the sites by 'core: trunk'.")
    }
    let local = planner.topology.underlayAddress(of: host.name)
    return course.tree.hosts.filter { $0 != host.name }.map { other in
      let remote = planner.topology.underlayAddress(of: other)
      let identifier = planner.identifier(of: course, between: host.name, other)
      return WayPlan(
        uplink: uplink, tag: .vxlan(identifier: identifier, local: local, remote: remote), classID: classID)
    }
  }

  private func machine(_ index: Int) throws(Problem) -> MachinePlan {
    let node = admission.infrastructure.nodes[index]
    let label = "\(admission.infrastructure.name)/\(node.name)"
    let ports = planner.ports.ofNode[index]
    var plans: [PortPlan] = []
    for (position, port) in ports.enumerated() {
      guard let name = portNames[index]?[position], planner.courses[port.network].tree.hosts.contains(host.name) else {
        throw Disagreement.problem(
          admission.infrastructure.name, "a tree leaves out the host of node \(node.name)")
      }
      plans.append(self.port(port, name, "\(label):\(port.endpoint.interface)"))
    }
    return MachinePlan(
      name: node.name, label: label, key: admission.machineKey(of: node), isRouter: node.kind == .router,
      image: ImagePlan(node.image), cpu: node.cpu, memory: node.memory, ports: plans,
      routes: Routes.of(node, ports.map(\.endpoint)), software: node.software)
  }

  private func port(_ port: PortTable.Port, _ name: String, _ label: String) -> PortPlan {
    let course = planner.courses[port.network]
    let network = course.network
    // A wire that stays here crosses no link: its rate is kept where it enters the node.
    var rate: Bitrate?
    if network.kind == .wire, course.carriage == .local {
      let isFirst = network.endpoints.first == port.endpoint
      rate = isFirst ? (network.reverseRate ?? network.rate).maximum : network.rate.maximum
      // The kernel's limiter refuses less, and would fail everything that is on the host with it.
      rate = rate.map { max($0, Bitrate(bitsPerSecond: 1000)) }
    }
    let peer =
      network.kind == .wire && bridges[port.network] == nil
      ? tunnels[port.network]?.inner ?? portsOf[port.network]?.first { $0 != name } : nil
    return PortPlan(
      port: name, interface: port.endpoint.interface, network: course.number, isWire: network.kind == .wire,
      bridge: bridges[port.network], peer: peer, mac: port.mac, mtu: course.mtu, addresses: port.endpoint.addresses,
      guarding: network.guarding,
      rate: rate, impairment: network.impairment, label: label)
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
