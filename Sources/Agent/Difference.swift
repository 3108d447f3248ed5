import Machines
import Planning
import Quantities

/// What must be done so that a device looks as its plan says: a pure function of plan and observation.
///
/// An empty difference is the proof that a second apply changes nothing. Removals come before
/// creations, so that a changed object is one removal and one creation.
public struct Difference: Hashable, Sendable {
  public var createsNamespace = false
  /// Infrastructures that have no slice here any more: their links go as one group.
  public var removedGroups: [UInt32] = []
  /// Links that the plan does not name, or names otherwise.
  public var removedLinks: [String] = []
  /// The host's ends of tunnels that are not wanted any more.
  public var removedTunnels: [String] = []
  public var bridges: [Addition<NetworkPlan>] = []
  public var trunks: [Addition<NetworkPlan>] = []
  public var machines: [Addition<MachinePlan>] = []
  /// Ports to make, with the machine that they lead to.
  public var ports: [PortAddition] = []
  /// Links whose settings drifted.
  public var adjustments: [Adjustment] = []
  /// Machines that run, and whose addresses, routes or link state differ from the plan.
  public var configurations: [Configuration] = []

  /// Machines that run, and that may use more or less than planned.
  public var allowances: [Addition<MachinePlan>] = []

  /// Links whose discipline or classes differ.
  public var shapes: [Shape] = []

  /// True where nothing needs to be done.
  public var isEmpty: Bool { self == Difference() }

  /// A thing to make for an infrastructure.
  public struct Addition<Plan: Hashable & Sendable>: Hashable, Sendable {
    public var infrastructure: UInt32
    public var plan: Plan
  }

  /// A veth pair to make; `guestIndex` is the interface index that the machine's end gets.
  public struct PortAddition: Hashable, Sendable {
    public var infrastructure: UInt32
    public var machine: String
    public var guestIndex: Int32
    public var plan: PortPlan
  }

  /// Settings of an existing link to put right; nil leaves one as it is.
  public struct Adjustment: Hashable, Sendable {
    public var index: Int32
    public var label: String
    public var mtu: Int?
    public var master: String?
    /// It leaves the bridge that it is in.
    public var leavesBridge = false
    public var bringUp: Bool
  }

  /// What to add and take away inside a running machine.
  public struct Configuration: Hashable, Sendable {
    public var infrastructure: UInt32
    public var machine: String
    public var label: String
    public var linksToRaise: [Int32] = []
    /// Largest IP packets to set, by interface.
    public var sizes: [Int32: Int] = [:]
    public var addressesToAdd: [Address] = []
    public var addressesToRemove: [Address] = []
    public var routesToAdd: [RoutePlan] = []
    public var routesToRemove: [RoutePlan] = []

    /// An address on an interface.
    public struct Address: Hashable, Sendable {
      public var index: Int32
      public var prefix: IPPrefix
    }

    var isEmpty: Bool {
      linksToRaise.isEmpty && sizes.isEmpty && addressesToAdd.isEmpty && addressesToRemove.isEmpty
        && routesToAdd.isEmpty
        && routesToRemove.isEmpty
    }
  }

  init() {}

  /// Compares; linear in links and machines.
  public init(plan: HostPlan, observed: Observation) {
    createsNamespace = !observed.exists
    var kept = Set(plan.cables.map(\.near)).union(plan.slices.flatMap(\.tunnels).flatMap { [$0.inner, $0.outer] })
    for slice in plan.slices {
      compareNetworks(of: slice, observed, kept: &kept)
      for machine in slice.machines { compareMachine(machine, of: slice, observed, kept: &kept) }
    }
    removeStrangers(plan, observed, kept: kept)
    compareShapes(plan, observed, kept: kept)
  }
}

extension Difference {
  private mutating func compareNetworks(of slice: SlicePlan, _ observed: Observation, kept: inout Set<String>) {
    for network in slice.networks {
      guard let bridge = network.bridge else { continue }
      kept.insert(bridge)
      if !adjust(
        bridge, kind: "bridge", group: slice.number, mtu: network.mtu, master: nil, label: network.label,
        observed)
      {
        bridges.append(Addition(infrastructure: slice.number, plan: network))
      }
      guard let trunk = network.trunk else { continue }
      kept.formUnion([trunk.port, trunk.stub])
      if !adjust(
        trunk.port, kind: "veth", group: slice.number, mtu: network.mtu, master: bridge,
        label: network.label, observed)
      {
        trunks.append(Addition(infrastructure: slice.number, plan: network))
      }
    }
  }

  private mutating func compareMachine(
    _ machine: MachinePlan, of slice: SlicePlan, _ observed: Observation, kept: inout Set<String>
  ) {
    let running = observed.machines[slice.number]?[machine.key]
    if let running {
      if !running.allowance.isThat(of: machine.cpu, machine.memory) {
        allowances.append(Addition(infrastructure: slice.number, plan: machine))
      }
    } else {
      machines.append(Addition(infrastructure: slice.number, plan: machine))
    }
    var fresh: Set<Int32> = []
    for (offset, port) in machine.ports.enumerated() {
      kept.insert(port.port)
      let index = Int32(offset) + PortPlan.firstGuestIndex
      if running != nil, stands(port, guestIndex: index, of: slice, observed) { continue }
      // A port whose machine has just died may still be there: its namespace is torn down later.
      if observed.links[port.port] != nil { removedLinks.append(port.port) }
      fresh.insert(index)
      ports.append(
        PortAddition(infrastructure: slice.number, machine: machine.key, guestIndex: index, plan: port))
    }
    configure(machine, of: slice, running ?? ObservedMachine(pid: 0), fresh: fresh)
  }

  private mutating func stands(
    _ port: PortPlan, guestIndex: Int32, of slice: SlicePlan, _ observed: Observation
  ) -> Bool {
    guard let link = observed.links[port.port], link.kind == "veth", link.group == slice.number,
      link.peerIndex == guestIndex, link.alias == port.label
    else { return false }
    return adjust(
      port.port, kind: "veth", group: slice.number, mtu: port.mtu, master: port.bridge, label: port.label, observed)
  }

  /// True where the link stands; settings that drifted are put right. A link of another kind or group,
  /// or one without its alias, which is given last, is half-made: it
  /// is removed, to be made anew.
  private mutating func adjust(
    _ name: String, kind: String, group: UInt32, mtu: Int, master: String?, label: String, _ observed: Observation
  ) -> Bool {
    guard let link = observed.links[name] else { return false }
    guard link.kind == kind, link.group == group, link.alias == label else {
      removedLinks.append(name)
      return false
    }
    let newMaster = link.master == master ? nil : master
    let leaves = master == nil && link.master != nil
    if link.mtu != mtu || newMaster != nil || leaves || !link.isUp {
      adjustments.append(
        Adjustment(
          index: link.index, label: label, mtu: link.mtu == mtu ? nil : mtu, master: newMaster, leavesBridge: leaves,
          bringUp: !link.isUp))
    }
    return true
  }

  private mutating func configure(
    _ machine: MachinePlan, of slice: SlicePlan, _ seen: ObservedMachine, fresh: Set<Int32>
  ) {
    var change = Configuration(infrastructure: slice.number, machine: machine.key, label: machine.label)
    for (offset, port) in machine.ports.enumerated() {
      let index = Int32(offset) + PortPlan.firstGuestIndex
      let isFresh = fresh.contains(index)
      let have = isFresh ? [] : seen.addresses[index] ?? []
      if isFresh || !seen.upInterfaces.contains(index) { change.linksToRaise.append(index) }
      if !isFresh, let size = seen.sizes[index], size != port.mtu { change.sizes[index] = port.mtu }
      for prefix in port.addresses where !have.contains(prefix) {
        change.addressesToAdd.append(.init(index: index, prefix: prefix))
      }
      for prefix in have.subtracting(port.addresses).sorted(by: { $0.address < $1.address }) {
        change.addressesToRemove.append(.init(index: index, prefix: prefix))
      }
    }
    compareRoutes(machine, seen, &change)
    if !change.isEmpty { configurations.append(change) }
  }

  /// Routes vanish with the link that they lead over, so a changed port brings all routes anew.
  private func compareRoutes(_ machine: MachinePlan, _ seen: ObservedMachine, _ change: inout Configuration) {
    let wanted = machine.routes
    let disturbed = !change.linksToRaise.isEmpty || !change.addressesToRemove.isEmpty
    change.routesToAdd = disturbed ? wanted : wanted.filter { !seen.routes.contains($0) }
    change.routesToRemove = seen.routes.subtracting(wanted).sorted { $0.gateway < $1.gateway }
  }

  /// Everything in the namespace that no plan names. A slice that is gone leaves as one group.
  private mutating func removeStrangers(_ plan: HostPlan, _ observed: Observation, kept: Set<String>) {
    let slices = Set(plan.slices.map(\.number))
    var groups: Set<UInt32> = []
    for (name, link) in observed.links where !kept.contains(name) && link.group != 0 {
      if !slices.contains(link.group) {
        groups.insert(link.group)
      } else if link.alias?.hasPrefix(TunnelPlan.mark) ?? false {
        removedTunnels.append(name)
      } else {
        removedLinks.append(name)
      }
    }
    removedTunnels.sort()
    removedGroups = groups.sorted()
    removedLinks.sort()
  }
}

extension PortPlan {
  /// Interface index of a machine's first port: `lo` is 1 in a fresh namespace.
  public static let firstGuestIndex: Int32 = 2
}
