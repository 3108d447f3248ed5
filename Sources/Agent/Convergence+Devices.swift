import Linux
import Planning
import Quantities

extension Convergence {
  /// Deletes namespaces that bear our mark and that no plan names; their links go with them.
  ///
  /// - Parameter ofTunnels: Those of tunnels, whose wires have turned to other ways by now, or all others.
  func removeStrayDevices(ofTunnels: Bool) throws {
    let planned = Set(plans.map(\.namespace))
    let agent = Agent(realm: realm, machines: machines)
    for name in try NetworkNamespace.names(prefix: realm.namespacePrefix)
    where try !planned.contains(name) && agent.isOurs(name) && holdsTunnels(name) == ofTunnels {
      try emptyDevice(name)
      _ = try NetworkNamespace.delete(named: name)
      FaultPoint.reach()
    }
  }

  private func holdsTunnels(_ name: String) -> Bool {
    // A file without a namespace on it holds nothing.
    guard let socket = try? NetworkNamespace.open(named: name).netlink(), let links = try? socket.links() else {
      return false
    }
    return links.contains { ($0.alias ?? "").hasPrefix(Self.tapMark) }
  }

  /// Links of a namespace that is deleted go some time later; a whole group goes at once, and only then is
  /// the device really gone.
  private func emptyDevice(_ name: String) throws {
    guard let socket = try? NetworkNamespace.open(named: name).netlink() else { return }
    var batch = NetlinkBatch()
    for group in Set(try socket.links().map(\.group)).subtracting([0]).sorted() {
      try batch.deleteLinks(inGroup: group, tolerating: .notFound)
    }
    if !batch.isEmpty { try socket.commit(batch) }
  }

  /// Opens every planned device's namespace and makes those that are missing.
  func openDevices() throws {
    let present = Set(try NetworkNamespace.names(prefix: realm.namespacePrefix))
    for plan in plans {
      if present.contains(plan.namespace), let namespace = try open(plan) {
        let device = try Device(plan: plan, namespace: namespace, isNew: false)
        try refuseOlder(device)
        devices.append(device)
      } else {
        let namespace = try NetworkNamespace.create(named: plan.namespace) { try prepare($0, for: plan) }
        devices.append(try Device(plan: plan, namespace: namespace, isNew: true))
      }
      FaultPoint.reach()
    }
  }

  /// Nil where the name has no namespace: a crash left the file that was to bear it, which is taken away.
  private func open(_ plan: HostPlan) throws -> NetworkNamespace? {
    do {
      return try NetworkNamespace.open(named: plan.namespace)
    } catch let error as SystemError where error.isNotFound {
      _ = try NetworkNamespace.delete(named: plan.namespace)
      return nil
    }
  }

  /// No IPv6 of its own, no firewall on bridged frames, and the mark; all before the namespace has its name.
  private func prepare(_ namespace: NetworkNamespace, for plan: HostPlan) throws {
    let wanted = ["all", "default"].map { (path: "net/ipv6/conf/\($0)/disable_ipv6", value: "1") }
    let bridged = ["ip", "ip6", "arp"].map { (path: "net/bridge/bridge-nf-call-\($0)tables", value: "0") }
    try namespace.writeSysctls([], optional: wanted + bridged)
    var batch = NetlinkBatch()
    try batch.setLink(.index(1), alias: mark(plan))
    try namespace.netlink().commit(batch)
  }

  /// A plan that is older than the last one here is somebody's who has not heard of it.
  private func refuseOlder(_ device: Device) throws {
    let alias = try device.socket.links().first { $0.name == "lo" }?.alias ?? ""
    let last = realm.generation(inMark: alias) ?? 0
    guard last <= device.plan.generation else {
      throw Problem(
        .failed, "stale-plan",
        "\(device.plan.device) has a plan of generation \(last); generation \(device.plan.generation) is older.",
        remedy: "Run the command again; if the state was restored from a copy, run it until it catches up.")
    }
    guard alias != mark(device.plan) else { return }
    var batch = NetlinkBatch()
    try batch.setLink(.index(1), alias: mark(device.plan))
    try device.socket.commit(batch)
  }

  private func mark(_ plan: HostPlan) -> String {
    realm.deviceMark(plan.device.description, generation: plan.generation)
  }

  /// Lays the cables between devices: a veth pair a cable, shaped and programmed at both ends.
  func layCables() throws {
    let byNamespace = Dictionary(uniqueKeysWithValues: devices.map { ($0.plan.namespace, $0) })
    let farEnds = Dictionary(grouping: plans.flatMap(\.cables), by: \.farNamespace).mapValues { $0.map(\.far) }
    for device in devices where !device.plan.cables.isEmpty {
      try removeForeignCables(of: device, farEnds: farEnds[device.plan.namespace] ?? [])
    }
    for device in devices {
      for cable in device.plan.cables {
        guard let far = byNamespace[cable.farNamespace] else { continue }
        try lay(cable, from: device, to: far)
      }
    }
  }

  /// Cables that no plan names any more; they are in no link group. `farEnds` are those of the cables that
  /// other devices lay to this one.
  private func removeForeignCables(of device: Device, farEnds: [String]) throws {
    let wanted = Set(device.plan.cables.map(\.near) + farEnds)
    let laid = try device.readLinks().filter { ($0.alias ?? "").hasPrefix(Self.cableMark) }
    var batch = NetlinkBatch()
    for link in laid where !wanted.contains(link.name) {
      try batch.deleteLink(.index(link.index), tolerating: .notFound)
    }
    try device.commit(batch)
  }

  static var cableMark: String { "virtcloud cable " }

  private func lay(_ cable: CablePlan, from near: Device, to far: Device) throws {
    let alias = Self.cableMark + cable.signature
    let present = try near.socket.links().first { $0.name == cable.near }
    if let present, present.alias == alias, present.isUp { return }
    if let present {
      var removal = NetlinkBatch()
      try removal.deleteLink(.index(present.index), tolerating: .notFound)
      try near.commit(removal)
    }
    var batch = NetlinkBatch()
    try batch.createVeth(
      name: cable.near, mtu: cable.mtu, isUp: true,
      peer: VethPeer(
        name: cable.far, mtu: cable.mtu, namespace: far.namespace.descriptor.rawValue, isUp: true))
    try near.commit(batch)
    try finish(cable.far, alias: alias, on: far)
    try finish(cable.near, alias: alias, on: near)
  }

  /// Programs one end; the alias comes last, so that a named cable is whole.
  private func finish(_ name: String, alias: String, on device: Device) throws {
    guard let link = try device.socket.links().first(where: { $0.name == name }) else {
      throw Problem(
        .failed, "link-vanished", "Cable end \(name) of \(device.plan.device) vanished while it was being laid.",
        remedy: "Run the command again.")
    }
    device.noteFresh(name, link.index)
    var batch = NetlinkBatch()
    try device.dataplane.attach(device.plan.isSwitch ? .forward : .untag, to: link.index, in: &batch)
    try batch.setLink(.index(link.index), alias: alias)
    try device.commit(batch)
  }
}

extension CablePlan {
  /// All that a cable is, in words: a cable whose alias says something else is laid anew.
  var signature: String { "\(label), mtu \(mtu)" }
}
