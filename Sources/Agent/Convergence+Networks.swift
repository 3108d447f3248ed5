import Dataplane
import Linux
import Planning
import Quantities

extension Convergence {
  /// Makes bridges and trunk ports, and puts right what drifted.
  func makeNetworks(_ difference: Difference, on device: Device) throws {
    var batch = NetlinkBatch()
    for addition in difference.bridges { try makeBridge(addition, on: device, &batch) }
    for addition in difference.trunks { try makeTrunkPort(addition, on: device, &batch) }
    for adjustment in difference.adjustments {
      try batch.setLink(
        .index(UInt32(bitPattern: adjustment.index)), isUp: adjustment.bringUp ? true : nil, mtu: adjustment.mtu,
        master: try adjustment.master.map { try device.index(of: $0) })
    }
    try device.commit(batch)
  }

  private func makeBridge(
    _ addition: Difference.Addition<NetworkPlan>, on device: Device, _ batch: inout NetlinkBatch
  ) throws {
    let network = addition.plan
    try batch.createBridge(
      name: network.bridge, index: device.reserveIndex(for: network.bridge), mtu: network.mtu,
      group: addition.infrastructure, alias: network.label, isUp: true)
  }

  /// The trunk port is a bridge port whose frames are tagged on their way out; the stub at its other end
  /// only exists because veths come in pairs.
  private func makeTrunkPort(
    _ addition: Difference.Addition<NetworkPlan>, on device: Device, _ batch: inout NetlinkBatch
  ) throws {
    let network = addition.plan
    guard let trunk = network.trunk else { return }
    let index = device.reserveIndex(for: trunk.port)
    try batch.createVeth(
      name: trunk.port, index: index, mtu: network.mtu, group: addition.infrastructure,
      master: try device.index(of: network.bridge), isUp: true,
      peer: VethPeer(
        name: trunk.stub, index: device.reserveIndex(for: trunk.stub), mtu: network.mtu,
        group: addition.infrastructure, isUp: true))
    try device.dataplane.attach(.tag, to: index, in: &batch)
    try batch.setLink(.index(index), alias: network.label)
  }

  /// Fills the programs' maps: they are replaced whole, so that nothing of what is gone stays in them.
  func setTables() throws {
    for device in devices {
      if device.plan.isSwitch {
        try device.dataplane.setDomains(try device.plan.domains.map { try domain($0, on: device) })
      } else {
        try setTrunks(of: device)
      }
      FaultPoint.reach()
    }
  }

  private func domain(_ plan: DomainPlan, on device: Device) throws -> Dataplane.Domain {
    Dataplane.Domain(
      number: plan.number,
      members: try plan.members.map { .init(interface: try device.index(of: $0.interface), vlan: $0.vlan) })
  }

  private func setTrunks(of device: Device) throws {
    let trunks = device.plan.slices.flatMap { $0.networks.compactMap(\.trunk) }
    try device.dataplane.setTrunks(
      try trunks.map { trunk in
        Dataplane.Trunk(
          port: try device.index(of: trunk.port), vlan: trunk.vlan, uplink: try device.index(of: trunk.uplink))
      })
  }
}
