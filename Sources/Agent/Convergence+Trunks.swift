import Dataplane
import Linux
import Planning
import Quantities

/// Real hosts: a cable from the device's `uplink` to the machine's own network namespace, and a program that leads the
/// site's VLANs between its end there and the machine's interface towards the switch.
///
/// The interface stays where it is: untagged frames and other VLANs are the machine's own, as before.
extension Convergence {
  /// The first priority that is ours at an interface's hooks; a foreign program with a lower one runs first.
  private static var firstPriority: UInt16 { 86 }

  /// Takes away cables that no plan names, or names otherwise, and what was made for them at the machine's interfaces.
  func removeStrayTrunks() throws {
    let own = try NetworkNamespace.current().netlink()
    let links = try own.links()
    let marked = links.compactMap { link in TrunkMark(link.alias, realm).map { (link: link, mark: $0) } }
    guard !marked.isEmpty else { return }
    let wanted = Dictionary(
      plans.compactMap { plan in plan.trunk.map { (realm.trunkInterface(of: plan.namespace), $0) } },
      uniquingKeysWith: { first, _ in first })
    for (link, mark) in marked where wanted[link.name].map({ !mark.isCable(of: $0) }) ?? true {
      let others = marked.contains { $0.link.name != link.name && $0.mark.interface == mark.interface }
      if let interface = links.first(where: { $0.name == mark.interface }) {
        try detach(from: interface, mark, cable: link.name, isLast: !others, own)
      }
      var batch = NetlinkBatch()
      try batch.deleteLink(.index(link.index), tolerating: .notFound)
      try own.commit(batch)
      FaultPoint.reach()
    }
  }

  private func detach(
    from interface: Link, _ mark: TrunkMark, cable: String, isLast: Bool, _ own: NetlinkSocket
  ) throws {
    let filters = try own.filters(on: interface.index, .ingress)
    var batch = NetlinkBatch()
    for filter in filters where filter.name == cable {
      try batch.detachFilter(from: interface.index, .ingress, priority: filter.priority, tolerating: .notFound)
    }
    let isBare = try filters.allSatisfy { $0.name == cable } && own.filters(on: interface.index, .egress).isEmpty
    if mark.addedHooks, isBare { try batch.deleteClassifierHooks(of: interface.index, tolerating: .notFound) }
    if mark.addedPromiscuity, isLast { try batch.setPromiscuous(interface.index, false, tolerating: .notFound) }
    if !batch.isEmpty { try own.commit(batch) }
  }

  /// Lays what is missing.
  func layTrunks() throws {
    for device in devices {
      if let trunk = device.plan.trunk { try lay(trunk, of: device) }
    }
  }

  private func lay(_ trunk: TrunkLinkPlan, of device: Device) throws {
    let namespace = try NetworkNamespace.current()
    let own = try namespace.netlink()
    let links = try own.links()
    let interface = try find(trunk, of: device, among: links)
    let name = realm.trunkInterface(of: device.plan.namespace)
    let uplink = try device.readLinks().first { $0.name == HostPlan.uplink }
    var cable = links.first { $0.name == name }
    let mark = TrunkMark(cable?.alias, realm)
    if cable == nil || mark == nil || uplink?.alias != device.trunkAlias(realm) {
      try layCable(trunk, name, namespace, from: device, own)
      cable = try own.links().first { $0.name == name }
    }
    guard let cable else { throw SystemError(operation: "find link", object: name, errno: 19) }
    let isLed = try [interface.index, cable.index].allSatisfy { index in
      try own.filters(on: index, .ingress).contains { $0.name == name }
    }
    if isLed, mark?.vlans == trunk.vlanDigest, interface.isPromiscuous { return }
    try lead(trunk, interface, cable, mark, own)
    device.changes += 1
  }

  private func find(_ trunk: TrunkLinkPlan, of device: Device, among links: [Link]) throws(Problem) -> Link {
    guard let link = links.first(where: { $0.name == trunk.interface }) else {
      throw Problem(
        .failed, "no-such-interface", "Host \(device.plan.device) has no interface \(trunk.interface) for its trunk.",
        remedy: "Correct 'trunk' in the substrate, or in the agent's configuration; 'ip link' lists the interfaces.")
    }
    guard link.mtu >= trunk.mtu else {
      throw Problem(
        .failed, "trunk-too-small",
        "Interface \(link.name) of host \(device.plan.device) carries packets of \(link.mtu) bytes, but the substrate says \(trunk.mtu).",
        remedy: "Raise it ('ip link set \(link.name) mtu \(trunk.mtu)'), or lower the host's 'mtu'.")
    }
    return link
  }

  /// A veth pair whose near end is the device's `uplink`; an older one goes, wherever it led.
  private func layCable(
    _ trunk: TrunkLinkPlan, _ name: String, _ namespace: NetworkNamespace, from device: Device, _ own: NetlinkSocket
  ) throws {
    var removal = NetlinkBatch()
    try removal.deleteLink(.name(name), tolerating: .notFound)
    try own.commit(removal)
    var batch = NetlinkBatch()
    if try device.socket.links().contains(where: { $0.name == HostPlan.uplink }) {
      try batch.deleteLink(.name(HostPlan.uplink), tolerating: .notFound)
    }
    let index = try device.freshIndex(for: HostPlan.uplink)
    try batch.createVeth(
      name: HostPlan.uplink, index: index, mtu: trunk.mtu, isUp: true,
      peer: VethPeer(name: name, mtu: trunk.mtu, namespace: namespace.descriptor.rawValue))
    try device.dataplane.attach(.untag, to: index, in: &batch)
    try batch.setLink(.index(index), alias: device.trunkAlias(realm))
    try device.commit(batch)
  }

  /// Has the site's VLANs led between the two; the alias comes last, so that a cable that bears it is whole.
  private func lead(
    _ trunk: TrunkLinkPlan, _ interface: Link, _ cable: Link, _ before: TrunkMark?, _ own: NetlinkSocket
  ) throws {
    let hadHooks = try own.queueingDisciplines().contains { $0.linkIndex == interface.index && $0.kind == "clsact" }
    let mark = TrunkMark(
      trunk, addedHooks: before?.addedHooks ?? !hadHooks,
      addedPromiscuity: before?.addedPromiscuity ?? !interface.isPromiscuous)
    let crossing = try Crossing(interface: interface.index, cable: cable.index, vlans: VLANSet(parsing: trunk.vlans))
    let filters = try own.filters(on: interface.index, .ingress)
    let taken = Set(filters.map(\.priority))
    let priority =
      filters.first { $0.name == cable.name }?.priority
      ?? (Self.firstPriority...UInt16.max).first { !taken.contains($0) } ?? Self.firstPriority
    var batch = NetlinkBatch()
    // What the machine itself would say on the cable is nobody's to hear.
    if !cable.isUp { try batch.setLink(.index(cable.index), isUp: true, noLinkLocal: true) }
    try crossing.attach(to: cable.index, name: cable.name, priority: Self.firstPriority, in: &batch)
    try crossing.attach(to: interface.index, name: cable.name, priority: priority, in: &batch)
    // Guests' stations are not the interface's own.
    if !interface.isPromiscuous { try batch.setPromiscuous(interface.index, true) }
    try batch.setLink(.index(cable.index), alias: mark.text(realm))
    try withExtendedLifetime(crossing) { try own.commit(batch) }
    FaultPoint.reach()
  }
}

extension Device {
  /// Alias of the device's end of the cable.
  fileprivate func trunkAlias(_ realm: Realm) -> String? {
    plan.trunk.map { realm.trunkMarkPrefix + "\($0.interface) of \(plan.device), mtu \($0.mtu)" }
  }
}
