import Linux
import Machines
import Planning
import Quantities

extension Convergence {
  /// A machine that no plan names; a nil key is a whole infrastructure.
  struct Stray: Hashable {
    var infrastructure: UInt32
    var key: String?
  }

  /// Takes the machines that no plan names out of `running`; `groups` are infrastructures that have control
  /// groups, which a crash may have left without a machine in them.
  func takeStrayMachines(groups: [UInt32] = []) -> [Stray] {
    var planned: [UInt32: Set<String>] = [:]
    for slice in plans.flatMap(\.slices) {
      planned[slice.number, default: []].formUnion(slice.machines.map(\.key))
    }
    var strays: [Stray] = []
    for number in Set(running.keys).union(groups).sorted() {
      guard let wanted = planned[number] else {
        strays.append(Stray(infrastructure: number))
        running[number] = nil
        continue
      }
      for key in (running[number] ?? [:]).keys.sorted() where !wanted.contains(key) {
        strays.append(Stray(infrastructure: number, key: key))
        running[number]?[key] = nil
      }
    }
    return strays
  }

  /// Ends them. Their links went before, as a group: a dying namespace would take them one batch at a time.
  func end(_ strays: [Stray]) throws {
    for stray in strays {
      if let key = stray.key {
        try machines.kill(machine: key, infrastructure: stray.infrastructure)
      } else {
        try machines.kill(infrastructure: stray.infrastructure)
      }
      FaultPoint.reach()
    }
  }

  /// Deletes what the plan does not name: a slice's links as one group (0.3 ms a link instead of 17).
  func remove(_ difference: Difference, from device: Device) throws {
    var batch = NetlinkBatch()
    for group in difference.removedGroups { try batch.deleteLinks(inGroup: group, tolerating: .notFound) }
    for name in difference.removedLinks { try batch.deleteLink(.name(name), tolerating: .notFound) }
    try device.commit(batch)
    for name in difference.removedLinks { device.indices[name] = nil }
  }

  /// Ends of tunnels stay until the wire has turned to its new way.
  func removeOldTunnels(_ difference: Difference, from device: Device) throws {
    var batch = NetlinkBatch()
    for name in difference.removedTunnels { try batch.deleteLink(.name(name), tolerating: .notFound) }
    try device.commit(batch)
  }
}
