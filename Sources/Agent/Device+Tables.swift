import Dataplane
import Infrastructure
import Planning
import Quantities

/// What the plan says, in the numbers of this device's interfaces.
extension Device {
  /// Every guest's port.
  func guestPorts() throws -> [Dataplane.GuestPort] {
    try plan.slices.flatMap { slice in
      try slice.machines.flatMap { machine in
        try machine.ports.map { try guestPort($0, isRouter: machine.isRouter) }
      } + slice.tunnels.flatMap { try tunnelPorts($0) }
    } + plan.tunnels.flatMap { try patch($0) }
  }

  /// On the host: what is decrypted goes to the guest, what is encrypted to the other host.
  private func tunnelPorts(_ tunnel: TunnelPlan) throws -> [Dataplane.GuestPort] {
    // Where the tunnel could not be made, its infrastructure has failed, and the others go on.
    guard let inner = indices[tunnel.inner], let outer = indices[tunnel.outer] else { return [] }
    return [
      Dataplane.GuestPort(
        interface: inner, mac: tunnel.outsideMAC, network: tunnel.network, peer: try index(of: tunnel.port),
        rights: [.wire, .anySource]),
      Dataplane.GuestPort(
        interface: outer, mac: tunnel.outsideMAC, network: tunnel.carrier, rights: [.wire, .anySource]),
    ]
  }

  /// Beside the host: the tap and the cable to the host are one.
  private func patch(_ tunnel: TunnelPlan) throws -> [Dataplane.GuestPort] {
    guard let tap = indices[tunnel.tap], let inside = indices[tunnel.inside] else { return [] }
    return [(tap, inside), (inside, tap)].map { port, peer in
      Dataplane.GuestPort(
        interface: port, mac: tunnel.outsideMAC, network: tunnel.network, peer: peer, rights: [.wire, .anySource])
    }
  }

  private func guestPort(_ port: PortPlan, isRouter: Bool) throws -> Dataplane.GuestPort {
    let guarding = port.guarding
    var rights = Dataplane.Rights()
    if guarding.level == .none { rights.insert(.anySource) }
    if guarding.level == .addresses { rights.insert(.checkedAddresses) }
    if isRouter { rights.insert(.router) }
    // Where there is a bridge, the bridge joins the wire's ends.
    if port.isWire, port.bridge == nil { rights.insert(.wire) }
    if port.rate != nil || port.impairment.isQueued { rights.insert(.queued) }
    for control in guarding.passes {
      switch control {
      case .stp: rights.insert(.stp)
      case .lacp: rights.insert(.lacp)
      case .lldp: rights.insert(.lldp)
      }
    }
    return Dataplane.GuestPort(
      interface: try index(of: port.port), mac: port.mac, network: port.network,
      peer: port.peer.flatMap { indices[$0] }, rights: rights, addresses: port.addresses.map(\.address),
      stations: guarding.stations, storm: guarding.storm, loss: port.impairment.loss,
      mtu: port.mtu)
  }

  /// Every network of a host.
  func networks() throws -> [Dataplane.HostNetwork] {
    try plan.slices.flatMap { slice in
      try slice.networks.map { network in
        Dataplane.HostNetwork(
          number: network.number, trunk: try network.trunk.map { try index(of: $0.port) },
          ways: try network.ways.map(way), isFast: network.isFast, learns: network.learns,
          port: network.port.flatMap { indices[$0] })
      }
    }
  }

  private func way(_ way: WayPlan) throws -> Dataplane.Way {
    let uplink = try index(of: way.uplink)
    switch way.tag {
    case .none: return Dataplane.Way(uplink: uplink, tag: .none, queue: .link)
    case .vlan(let vlan, let outer):
      return Dataplane.Way(uplink: uplink, tag: .vlan(vlan, outer: outer), queue: Dataplane.Queue(way.classID))
    case .vxlan(let identifier, let local, let remote):
      return Dataplane.Way(
        uplink: uplink, tag: .vxlan(identifier), local: local, remote: remote, queue: Dataplane.Queue(way.classID))
    }
  }

  /// Every domain of a switch.
  func domains() throws -> [Dataplane.Domain] {
    try plan.domains.map { domain in
      Dataplane.Domain(
        number: domain.number,
        members: try domain.members.map { member in
          Dataplane.Domain.Member(
            interface: try index(of: member.interface), tag: .vlan(member.vlan, outer: member.outer),
            queue: Dataplane.Queue(member.classID))
        })
    }
  }

  /// Where a switch sends VXLAN.
  func paths() throws -> [Dataplane.Path] {
    try plan.paths.map { path in
      Dataplane.Path(
        identifier: path.identifier, destination: path.destination, interface: try index(of: path.interface),
        queue: Dataplane.Queue(path.classID))
    }
  }
}

extension Dataplane.Queue {
  /// Emulated cables without classes queue nothing.
  init(_ classID: UInt16?) { self = classID.map { .class($0) } ?? .none }
}

extension Impairment {
  /// True where a discipline does it, not a program.
  var isQueued: Bool { delay > .zero || jitter > .zero }
}
