import Embedding
import Infrastructure
import Planning
import Quantities
import Reservations

func name(_ text: String) -> Name {
  guard let name = Name(text) else { preconditionFailure("\(text) is no name") }
  return name
}

func vlan(_ number: UInt16) -> VLANID {
  guard let vlan = VLANID(number) else { preconditionFailure("\(number) is no VLAN") }
  return vlan
}

func vlans(_ range: ClosedRange<UInt16>) -> VLANSet { VLANSet(range.map(vlan)) }
func mbit(_ rate: UInt64) -> Bitrate { Bitrate(bitsPerSecond: rate * 1_000_000) }

func host(_ text: String, _ site: String, _ kind: Host.Kind = .emulated, mtu: Int = 1500) -> Host {
  Host(
    name: name(text), site: name(site), kind: kind, cpu: Cores(thousandths: 1_000_000),
    memory: ByteCount(bytes: 1 << 40), uplink: mbit(1000), mtu: mtu)
}

func node(_ text: String, _ kind: Node.Kind = .machine, site: String? = nil, routes: [Route] = []) -> Node {
  Node(
    name: name(text), kind: kind, cpu: Cores(thousandths: 1000), memory: ByteCount(bytes: 128 << 20),
    site: site.map(name), routes: routes)
}

/// `10.net.0.last`.
func v4(_ net: UInt32, _ last: UInt32) -> IPAddress { .v4(10 << 24 | net << 16 | last) }

func endpoint(_ node: String, _ interface: String = "eth0", _ addresses: [IPPrefix] = [], via: [IPAddress] = [])
  -> Endpoint
{
  Endpoint(node: name(node), interface: interface, addresses: addresses, gateways: via)
}

func segment(_ text: String, _ endpoints: [Endpoint], mtu: Int? = nil) -> Network {
  Network(name: name(text), kind: .segment, endpoints: endpoints, mtu: mtu)
}

/// Three sites in a row, two hosts each.
func metacenter() -> Substrate {
  Substrate(
    name: name("metacenter"),
    sites: [
      Site(name: name("brno"), vlans: vlans(100...199)), Site(name: name("prague"), vlans: vlans(150...249)),
      Site(name: name("pilsen"), vlans: vlans(300...399)),
    ],
    hosts: ["brno", "prague", "pilsen"].flatMap { [host("\($0)-1", $0), host("\($0)-2", $0)] },
    links: [
      CoreLink(ends: Pair(name("brno"), name("prague")), rate: mbit(1000), latency: .milliseconds(2)),
      CoreLink(ends: Pair(name("prague"), name("pilsen")), rate: mbit(500), latency: .milliseconds(1)),
    ])
}

/// Six machines and a router over three sites, two segments and a wire.
func mpiLab() -> VirtualInfrastructure {
  let lan = (1...4).map {
    endpoint("worker\($0)", "eth0", [IPPrefix(address: v4(1, UInt32($0)), length: 24)], via: [v4(1, 5)])
  }
  let far = (1...2).map {
    endpoint("far\($0)", "eth0", [IPPrefix(address: v4(3, UInt32($0)), length: 24)], via: [v4(3, 3)])
  }
  return VirtualInfrastructure(
    name: name("mpi-lab"),
    nodes: (1...4).map { node("worker\($0)", site: $0 < 3 ? "brno" : "prague") }
      + [node("far1", site: "pilsen"), node("far2", site: "pilsen"), node("gw", .router, site: "prague")],
    networks: [
      segment("lan", lan + [endpoint("gw", "eth0", [IPPrefix(address: v4(1, 5), length: 24)])]),
      segment("remote", far + [endpoint("gw", "eth1", [IPPrefix(address: v4(3, 3), length: 24)])]),
      Network(
        name: name("worker1-far1"), kind: .wire,
        endpoints: [
          endpoint("worker1", "eth1", [IPPrefix(address: v4(2, 1), length: 30)]),
          endpoint("far1", "eth1", [IPPrefix(address: v4(2, 2), length: 30)]),
        ], rate: RateRange(fixed: mbit(200)), maximumLatency: .milliseconds(10)),
    ])
}

/// Lets an infrastructure in, as the controller does.
func admit(
  _ infrastructure: VirtualInfrastructure, number: UInt32 = 1, on view: inout SubstrateView, _ pool: inout VLANPool,
  keeping: Admission? = nil
) throws -> Admission {
  let embedding = try SearchEmbedder().embed(infrastructure, on: view, keeping: keeping?.embedding)
  view.occupy(embedding, of: infrastructure)
  var ports = keeping?.portNumbers ?? PortNumbers()
  try ports.update(for: infrastructure)
  let numbers = infrastructure.networks.enumerated().map { ($1.name, number * 1000 + UInt32($0)) }
  var admission = Admission(
    infrastructure: infrastructure, embedding: embedding, number: number,
    networkNumbers: Dictionary(uniqueKeysWithValues: numbers), vlans: [:], portNumbers: ports)
  for (owner, sites) in admission.owners {
    admission.vlans[owner.network] = try pool.allocate(for: owner, sites: sites)
  }
  return admission
}

func admit(_ infrastructures: [VirtualInfrastructure], on substrate: Substrate) throws -> [Admission] {
  var view = SubstrateView(substrate)
  var pool = VLANPool(substrate)
  return try infrastructures.enumerated().map { try admit($1, number: UInt32($0 + 1), on: &view, &pool) }
}

func plans(_ infrastructures: [VirtualInfrastructure], on substrate: Substrate) throws -> [HostPlan] {
  try planner.plans(
    for: substrate, admissions: admit(infrastructures, on: substrate), generation: 7)
}

/// A planner with the marks of the system's installation.
let planner = Planner(realm: Realm(stateDirectory: Realm.systemStateDirectory))
