import Linux
import Planning
import Quantities

extension Convergence {
  /// Lays the cables between a host and the namespace of its tunnels' processes, and makes the taps that these attach
  /// to; what no plan names any more goes.
  func layTunnels(of device: Device) throws {
    let host = device.plan.tunnelNamespace.flatMap { name in devices.first { $0.plan.namespace == name } }
    for tunnel in device.plan.slices.flatMap(\.tunnels) {
      guard let beside = host else { continue }
      try containing(tunnel.infrastructure) {
        try cable(tunnel, tunnel.inner, tunnel.inside, mtu: tunnel.mtu, from: device, to: beside)
        try cable(tunnel, tunnel.outer, tunnel.outside, mtu: tunnel.outerMTU, from: device, to: beside)
        try address(tunnel, beside)
        try makeTap(tunnel, beside)
      }
    }
    if !device.plan.tunnels.isEmpty { try removeOldTaps(of: device) }
  }

  static var tapMark: String { "virtcloud tap " }

  /// The host's end is in the infrastructure's group, so that it goes with it; the guard stands at both ends but
  /// `outside`, which is the process's own.
  private func cable(
    _ tunnel: TunnelPlan, _ near: String, _ far: String, mtu: Int, from device: Device, to beside: Device
  ) throws {
    let alias = TunnelPlan.mark + "\(tunnel.label) \(near), mtu \(mtu)"
    let present = try device.socket.links().first { $0.name == near }
    if let present, present.alias == alias, present.isUp {
      device.indices[near] = present.index
      beside.indices[far] = try beside.socket.links().first { $0.name == far }?.index
      return
    }
    if let present {
      var removal = NetlinkBatch()
      try removal.deleteLink(.index(present.index), tolerating: .notFound)
      try device.commit(removal)
    }
    var batch = NetlinkBatch()
    let index = device.reserveIndex(for: near)
    let farIndex = try beside.freshIndex(for: far)
    try batch.createVeth(
      name: near, index: index, mtu: mtu, group: tunnel.infrastructure, isUp: true,
      peer: VethPeer(
        name: far, index: farIndex, mac: far == tunnel.outside ? tunnel.outsideMAC : nil, mtu: mtu,
        namespace: beside.namespace.descriptor.rawValue, isUp: true))
    try device.dataplane.attach(.guard, to: index, in: &batch)
    try device.commit(batch)
    if far == tunnel.inside {
      var inside = NetlinkBatch()
      try beside.dataplane.attach(.guard, to: farIndex, in: &inside)
      try beside.commit(inside)
    }
    // The alias comes last, so that a cable that bears it is whole.
    var naming = NetlinkBatch()
    try naming.setLink(.index(index), alias: alias)
    try device.commit(naming)
  }

  private func address(_ tunnel: TunnelPlan, _ beside: Device) throws {
    let index = try beside.index(of: tunnel.outside)
    let present = try beside.socket.addresses().contains { $0.linkIndex == index && $0.prefix == tunnel.local }
    guard !present else { return }
    var batch = NetlinkBatch()
    try batch.addAddress(tunnel.local, to: index, tolerating: .exists)
    try beside.commit(batch)
  }

  private func makeTap(_ tunnel: TunnelPlan, _ beside: Device) throws {
    let alias = Self.tapMark + "\(tunnel.label), mtu \(tunnel.mtu)"
    let present = try beside.socket.links().first { $0.name == tunnel.tap }
    if let present, present.alias == alias {
      beside.indices[tunnel.tap] = present.index
      return
    }
    if present == nil { try beside.namespace.makeTap(tunnel.tap) }
    guard let link = try beside.socket.links().first(where: { $0.name == tunnel.tap }) else {
      throw SystemError(operation: "find tap", object: tunnel.tap, errno: 19)
    }
    beside.indices[tunnel.tap] = link.index
    var batch = NetlinkBatch()
    try batch.setLink(.index(link.index), isUp: true, mtu: tunnel.mtu)
    try beside.dataplane.attach(.guard, to: link.index, in: &batch)
    try batch.setLink(.index(link.index), alias: alias)
    try beside.commit(batch)
  }

  private func removeOldTaps(of device: Device) throws {
    let wanted = Set(device.plan.tunnels.map(\.tap))
    var batch = NetlinkBatch()
    for link in try device.socket.links()
    where (link.alias ?? "").hasPrefix(Self.tapMark) && !wanted.contains(link.name) {
      try batch.deleteLink(.index(link.index), tolerating: .notFound)
    }
    try device.commit(batch)
  }
}
