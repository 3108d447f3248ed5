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
        master: adjustment.leavesBridge ? 0 : try adjustment.master.map { try device.index(of: $0) })
    }
    try device.commit(batch)
  }

  private func makeBridge(
    _ addition: Difference.Addition<NetworkPlan>, on device: Device, _ batch: inout NetlinkBatch
  ) throws {
    let network = addition.plan
    guard let bridge = network.bridge else { return }
    try batch.createBridge(
      name: bridge, index: device.reserveIndex(for: bridge), mtu: network.mtu,
      group: addition.infrastructure, alias: network.label, isUp: true, ageing: network.isHub ? 0 : nil)
  }

  /// The trunk port is a bridge port whose frames are tagged on their way out; the stub at its other end
  /// only exists because veths come in pairs.
  private func makeTrunkPort(
    _ addition: Difference.Addition<NetworkPlan>, on device: Device, _ batch: inout NetlinkBatch
  ) throws {
    let network = addition.plan
    guard let trunk = network.trunk, let bridge = network.bridge else { return }
    let index = device.reserveIndex(for: trunk.port)
    try batch.createVeth(
      name: trunk.port, index: index, mtu: network.mtu, group: addition.infrastructure,
      master: try device.index(of: bridge), isUp: true,
      peer: VethPeer(
        name: trunk.stub, index: device.reserveIndex(for: trunk.stub), mtu: network.mtu,
        group: addition.infrastructure, isUp: true))
    try device.dataplane.attach(.tag, to: index, in: &batch)
    try batch.setLink(.index(index), alias: network.label)
  }

  /// Brings the programs' tables of every device to a stage. A network that changes its way loses nothing, for every
  /// device has let the new one in before any turns to it.
  func setTables(_ stage: Dataplane.Stage) throws {
    for device in devices {
      if device.plan.isSwitch {
        try device.dataplane.set(domains: try device.domains(), paths: try device.paths(), stage)
      } else {
        try device.dataplane.set(ports: try device.guestPorts(), networks: try device.networks(), stage)
      }
      FaultPoint.reach()
    }
  }
}
