import Linux
import Quantities

@testable import Dataplane

/// Tables of hosts whose frames all take the bridge.
extension Dataplane {
  /// A network's trunk port, its tag, and the uplink that carries it.
  struct Trunk {
    var port: UInt32
    var vlan: VLANID
    var uplink: UInt32
  }

  /// Guests that may send from their own address only, and whose networks are bridges.
  func setGuests(_ ports: [GuestPort]) throws {
    try setGuestPorts(ports)
    let numbers = Set(ports.map(\.network)).sorted()
    try write(
      "networks", .host, numbers.map { ($0, NetworkValue(HostNetwork(number: $0, isFast: false))) }, keepsOthers: true)
  }

  /// Each trunk is a network of its own, whose number is its port's.
  func setTrunks(_ trunks: [Trunk]) throws {
    if trunks.isEmpty, found(.host) == nil { return }
    let networks = trunks.map { trunk in
      HostNetwork(
        number: trunk.port, trunk: trunk.port, ways: [Way(uplink: trunk.uplink, tag: .vlan(trunk.vlan))],
        isFast: false)
    }
    try write("networks", .host, networks.map { ($0.number, NetworkValue($0)) }, keepsOthers: true)
    try write(
      "arrivals", .host,
      networks.map { (ArrivalKey($0.ways[0]), OriginValue(network: $0.number, port: 0, exit: 0)) })
    try write("exits", .host, networks.map { (ExitKey(network: $0.number, index: 0), WayValue($0.ways[0])) })
    try write("trunks", .host, networks.map { ($0.number, $0.number) })
  }

  func setDomains(_ domains: [Domain]) throws {
    for stage in [Stage.admit, .turn, .forget] { try set(domains: domains, paths: [], stage) }
  }
}

extension Dataplane.GuestPort {
  init(interface: UInt32, mac: MACAddress) {
    self.init(interface: interface, mac: mac, network: 1_000_000)
  }
}

extension Dataplane.Domain.Member {
  init(interface: UInt32, vlan: VLANID) { self.init(interface: interface, tag: .vlan(vlan)) }
}
