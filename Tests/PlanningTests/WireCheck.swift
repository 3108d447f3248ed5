import Infrastructure
import Planning
import Quantities

/// Follows frames through plans as the agents would lay them, knowing nothing of how plans are made.
struct WireCheck {
  private struct Port: Hashable {
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
      names += slice.networks.flatMap { [$0.bridge] + ($0.trunk.map { [$0.port, $0.stub] } ?? []) }
      names += slice.machines.flatMap { $0.ports.map(\.port) }
    }
    if Set(names).count != names.count { faults.append("\(plan.device) uses a name twice") }
    if names.contains(where: { $0.utf8.count > 15 || $0.isEmpty }) { faults.append("\(plan.device) has a bad name") }
    if plan.namespace.utf8.count > 15 || !plan.namespace.hasPrefix("vc-") { faults.append("bad \(plan.namespace)") }
  }

  /// Machines (`INFRASTRUCTURE/NODE`) on the bridges that a broadcast on `network` from `host` reaches.
  func reached(from host: HostPlan, network label: String) -> Set<String> {
    var seen: Set<String> = []
    var stack: [(port: Port, vlan: VLANID)] = []
    deliver(label, at: host, &seen)
    for slice in host.slices {
      for trunk in slice.networks.filter({ $0.label == label }).compactMap(\.trunk) {
        guard let end = far[Port(namespace: host.namespace, interface: trunk.uplink)] else { continue }
        stack.append((end, trunk.vlan))
      }
    }
    var visited: Set<String> = []
    while let (port, vlan) = stack.popLast() {
      guard visited.insert("\(port) \(vlan.rawValue)").inserted, let plan = byNamespace[port.namespace] else {
        continue
      }
      for slice in plan.slices {
        for network in slice.networks where network.trunk?.vlan == vlan && network.trunk?.uplink == port.interface {
          deliver(network.label, at: plan, &seen)
        }
      }
      for domain in plan.domains
      where domain.members.contains(.init(interface: port.interface, vlan: vlan)) {
        for member in domain.members where member.interface != port.interface {
          guard let end = far[Port(namespace: plan.namespace, interface: member.interface)] else { continue }
          stack.append((end, member.vlan))
        }
      }
    }
    return seen
  }

  private func deliver(_ label: String, at plan: HostPlan, _ seen: inout Set<String>) {
    for slice in plan.slices {
      let bridges = Set(slice.networks.filter { $0.label == label }.map(\.bridge))
      for machine in slice.machines where machine.ports.contains(where: { bridges.contains($0.bridge) }) {
        seen.insert(machine.label)
      }
    }
  }

  /// Pairs of interface and VLAN that stand in two domains of one switch, or two trunks of one host.
  var clashes: [String] {
    plans.flatMap { plan -> [String] in
      let members = plan.domains.flatMap(\.members).map { "\(plan.device) \($0.interface) \($0.vlan.rawValue)" }
      let trunks = plan.slices.flatMap(\.networks).compactMap(\.trunk).map {
        "\(plan.device) \($0.uplink) \($0.vlan.rawValue)"
      }
      return [members, trunks].flatMap { list in
        Dictionary(grouping: list) { $0 }.filter { $0.value.count > 1 }.map(\.key)
      }
    }
  }
}
