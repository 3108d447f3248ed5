import Infrastructure
import Planning
import Quantities

/// Follows frames through plans as the agents would lay them, knowing nothing of how plans are made.
struct WireCheck {
  fileprivate struct Port: Hashable {
    var namespace: String
    var interface: String
  }

  private var far: [Port: Port] = [:]
  private let plans: [HostPlan]
  /// Namespace → plan.
  private let byNamespace: [String: HostPlan]
  private(set) var faults: [String] = []

  init(_ plans: [HostPlan]) {
    self.plans = plans
    byNamespace = Dictionary(plans.map { ($0.namespace, $0) }, uniquingKeysWith: { a, _ in a })
    if byNamespace.count != plans.count { faults.append("two devices share a namespace") }
    for plan in plans {
      for cable in plan.cables {
        let near = Port(namespace: plan.namespace, interface: cable.near)
        let end = Port(namespace: cable.farNamespace, interface: cable.far)
        if far[near] != nil || far[end] != nil { faults.append("\(cable.label): a port has two cables") }
        if byNamespace[cable.farNamespace] == nil { faults.append("\(cable.label) ends nowhere") }
        far[near] = end
        far[end] = near
      }
    }
    for plan in plans { names(plan) }
  }

  /// Interface names of a device: unique, at most 15 characters.
  private mutating func names(_ plan: HostPlan) {
    var names = far.keys.filter { $0.namespace == plan.namespace }.map(\.interface)
    for slice in plan.slices {
      names += slice.networks.flatMap { [$0.bridge].compactMap { $0 } + ($0.trunk.map { [$0.port, $0.stub] } ?? []) }
      names += slice.machines.flatMap { $0.ports.map(\.port) }
    }
    if Set(names).count != names.count { faults.append("\(plan.device) uses a name twice") }
    if names.contains(where: { $0.utf8.count > 15 || $0.isEmpty }) { faults.append("\(plan.device) has a bad name") }
    if plan.namespace.utf8.count > 15 || !plan.namespace.hasPrefix("vc-") { faults.append("bad \(plan.namespace)") }
  }

  /// What a frame bears on a cable.
  fileprivate enum Mark: Hashable {
    case vlan(VLANID, outer: VLANID?)
    /// From a host, to a host.
    case vxlan(UInt32, UInt32, UInt32)
  }

  private struct Flight: Hashable {
    var port: Port
    var mark: Mark
  }

  /// Machines (`INFRASTRUCTURE/NODE`) that a broadcast on `network` from `host` reaches.
  func reached(from host: HostPlan, network label: String) -> Set<String> {
    var seen: Set<String> = []
    var stack: [Flight] = []
    for slice in host.slices {
      for network in slice.networks where network.label == label {
        deliver(network, slice, &seen)
        stack += network.ways.compactMap { flight($0, from: host) }
      }
    }
    var visited: Set<Flight> = []
    while let flight = stack.popLast() {
      guard visited.insert(flight).inserted, let plan = byNamespace[flight.port.namespace] else { continue }
      for slice in plan.slices {
        for network in slice.networks where network.ways.contains(where: { $0.accepts(flight.mark, flight.port) }) {
          deliver(network, slice, &seen)
        }
      }
      stack += onward(flight, through: plan)
    }
    return seen
  }

  private func flight(_ way: WayPlan, from host: HostPlan) -> Flight? {
    guard let end = far[Port(namespace: host.namespace, interface: way.uplink)] else { return nil }
    switch way.tag {
    case .vlan(let vlan, let outer): return Flight(port: end, mark: .vlan(vlan, outer: outer))
    case .vxlan(let identifier, let local, let remote):
      return Flight(port: end, mark: .vxlan(identifier, local, remote))
    case .none: return nil
    }
  }

  private func onward(_ flight: Flight, through plan: HostPlan) -> [Flight] {
    switch flight.mark {
    case .vlan(let vlan, let outer):
      plan.domains.filter { domain in
        domain.members.contains { $0.interface == flight.port.interface && $0.vlan == vlan && $0.outer == outer }
      }.flatMap(\.members).filter { $0.interface != flight.port.interface }.compactMap { member in
        far[Port(namespace: plan.namespace, interface: member.interface)].map {
          Flight(port: $0, mark: .vlan(member.vlan, outer: member.outer))
        }
      }
    case .vxlan(let identifier, _, let remote):
      plan.paths.filter { $0.identifier == identifier && $0.destination == remote }.compactMap { path in
        far[Port(namespace: plan.namespace, interface: path.interface)].map { Flight(port: $0, mark: flight.mark) }
      }
    }
  }

  private func deliver(_ network: NetworkPlan, _ slice: SlicePlan, _ seen: inout Set<String>) {
    for machine in slice.machines
    where machine.ports.contains(where: { $0.network == network.number && $0.bridge == network.bridge }) {
      seen.insert(machine.label)
    }
  }

  /// Marks that stand in two domains or paths of one switch, or two networks of one host.
  var clashes: [String] {
    plans.flatMap { plan -> [String] in
      let members = plan.domains.flatMap(\.members).map {
        "\(plan.device) \($0.interface) \($0.outer?.rawValue ?? 0) \($0.vlan.rawValue)"
      }
      let paths = plan.paths.map { "\(plan.device) \($0.identifier) \($0.destination)" }
      let ways = plan.slices.flatMap(\.networks).flatMap(\.ways).map { "\(plan.device) \($0.uplink) \($0.tag)" }
      return [members, paths, ways].flatMap { list in
        Dictionary(grouping: list) { $0 }.filter { $0.value.count > 1 }.map(\.key)
      }
    }
  }
}

extension WayPlan {
  /// Takes a frame from the cable: its own tag, or an envelope from the other host to this one.
  fileprivate func accepts(_ mark: WireCheck.Mark, _ port: WireCheck.Port) -> Bool {
    guard uplink == port.interface else { return false }
    switch (tag, mark) {
    case (.vlan(let vlan, let outer), .vlan(let other, let otherOuter)): return vlan == other && outer == otherOuter
    case (.vxlan(let identifier, let local, let remote), .vxlan(let other, let from, let to)):
      return identifier == other && local == to && remote == from
    default: return false
    }
  }
}
