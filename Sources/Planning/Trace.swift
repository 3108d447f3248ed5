import Infrastructure
import Quantities

/// A frame as somebody imagines it, at a guest's port.
public struct TracedFrame: Hashable, Sendable {
  public var source: MACAddress
  public var destination: MACAddress
  /// EtherType (IEEE 802), such as 0x0800.
  public var type: UInt16
  /// The sender's address where the type is IPv4, IPv6 or ARP.
  public var sender: IPAddress?
  /// A VLAN tag of the guest's own.
  public var tag: UInt16?
  /// Octets from the Ethernet header on, without checksum.
  public var length: Int

  public init(
    source: MACAddress, destination: MACAddress, type: UInt16 = 0x0800, sender: IPAddress? = nil, tag: UInt16? = nil,
    length: Int = 64
  ) {
    self.source = source
    self.destination = destination
    self.type = type
    self.sender = sender
    self.tag = tag
    self.length = length
  }
}

/// What happens to a frame, at one place.
public struct TraceStep: Hashable, Sendable {
  public var device: Name
  public var place: String
  public var what: String
  /// Why the frame ends here: a reason as `show --drops` has it; nil where it goes on or arrives.
  public var dropped: String?
}

/// What the plans would do to a frame, step by step: the programs' decisions, on values.
///
/// What programs and bridges have learned is not known here: where that decides, the step says so.
public struct Trace: Sendable {
  public private(set) var steps: [TraceStep] = []
  private let plans: [HostPlan]
  private var cables: [Place: Place] = [:]
  private var budget = 200

  private struct Place: Hashable {
    var namespace: String
    var interface: String
  }

  /// Traces a frame that `node` of an infrastructure sends out of its interface.
  ///
  /// Throws `Problem` of kind `.notFound` where no plan has that interface.
  public init(
    _ frame: TracedFrame, from infrastructure: Name, node: String, interface: String, through plans: [HostPlan]
  ) throws(Problem) {
    self.plans = plans
    for plan in plans {
      for cable in plan.cables {
        let (near, far) = (
          Place(namespace: plan.namespace, interface: cable.near),
          Place(namespace: cable.farNamespace, interface: cable.far)
        )
        (cables[near], cables[far]) = (far, near)
      }
    }
    for plan in plans {
      for slice in plan.slices where slice.infrastructure == infrastructure {
        for machine in slice.machines where machine.name.description == node {
          guard let port = machine.ports.first(where: { $0.interface == interface }) else { continue }
          guardPort(frame, port, machine, slice, plan)
          return
        }
      }
    }
    throw Problem(
      .notFound, "no-such-interface", "Infrastructure \(infrastructure) has no running interface \(node):\(interface).",
      remedy: "Run 'virtcloud show \(infrastructure)'.")
  }

  private mutating func say(_ plan: HostPlan, _ place: String, _ what: String, dropped: String? = nil) {
    steps.append(TraceStep(device: plan.device, place: place, what: what, dropped: dropped))
  }

  private mutating func guardPort(
    _ frame: TracedFrame, _ port: PortPlan, _ machine: MachinePlan, _ slice: SlicePlan, _ plan: HostPlan
  ) {
    if let reason = refusal(frame, port, machine) {
      return say(plan, port.label, "stopped at the port", dropped: reason)
    }
    say(plan, port.label, "let in at the port (guard: \(port.guarding.level.rawValue))")
    guard let network = slice.networks.first(where: { $0.number == port.network }) else { return }
    if port.isWire, port.bridge == nil {
      if port.impairment.loss > 0 { say(plan, port.label, "lost with a chance of \(port.impairment.lossText)") }
      if let peer = port.peer { return arrive(frame, at: peer, slice, plan) }
      return leave(frame, network, through: network.ways.prefix(1), plan)
    }
    segment(frame, network, slice, plan, except: port.port)
  }

  /// In the order of the programs' checks.
  private func refusal(_ frame: TracedFrame, _ port: PortPlan, _ machine: MachinePlan) -> String? {
    if frame.tag != nil || [0x8100, 0x88a8, 0x9100].contains(frame.type) { return "guest-tagged" }
    if frame.destination.isNearestBridge, !passes(frame, port) { return "guest-control-frame" }
    let isGroup = frame.source.rawValue >> 40 & 1 == 1
    if port.guarding.level == .none ? isGroup || frame.source.rawValue == 0 : frame.source != port.mac {
      return "guest-foreign-source"
    }
    if frame.length - 14 > port.mtu { return "guest-too-long" }
    guard port.guarding.level == .addresses, let sender = frame.sender else { return nil }
    let own = port.addresses.map(\.address)
    switch frame.type {
    case 0x0806: return own.contains(sender) ? nil : "guest-foreign-arp"
    case 0x0800, 0x86dd: return machine.isRouter || own.contains(sender) ? nil : "guest-foreign-address"
    default: return nil
    }
  }

  private func passes(_ frame: TracedFrame, _ port: PortPlan) -> Bool {
    let last = frame.destination.rawValue & 0xff
    if frame.type == 0x88cc { return port.guarding.passes.contains(.lldp) && [0, 3, 0xe].contains(last) }
    return last == 0 && port.guarding.passes.contains(.stp) || last == 2 && port.guarding.passes.contains(.lacp)
  }

  private mutating func segment(
    _ frame: TracedFrame, _ network: NetworkPlan, _ slice: SlicePlan, _ plan: HostPlan, except origin: String?
  ) {
    let ports = slice.machines.flatMap(\.ports).filter { $0.network == network.number && $0.port != origin }
    let isGroup = frame.destination.rawValue >> 40 & 1 == 1
    if !isGroup, let own = ports.first(where: { $0.mac == frame.destination }) {
      say(plan, network.label, network.isFast ? "known: goes from port to port" : "known to the bridge")
      return arrive(frame, at: own.port, slice, plan)
    }
    if !isGroup, network.isFast, !network.learns, network.ways.count == 1, origin != nil {
      say(plan, network.label, "not here: goes to the other hosts, past the bridge")
      return leave(frame, network, through: network.ways[...], plan)
    }
    if !isGroup, network.isFast, !network.learns, origin == nil {
      return say(plan, network.label, "nobody here: dropped")
    }
    say(
      plan, network.label,
      isGroup ? "for everybody: the bridge floods it" : "unless it was learned, the bridge floods it")
    for port in ports { arrive(frame, at: port.port, slice, plan) }
    if origin != nil, !network.ways.isEmpty { leave(frame, network, through: network.ways[...], plan) }
  }

  private mutating func arrive(_ frame: TracedFrame, at port: String, _ slice: SlicePlan, _ plan: HostPlan) {
    if let tunnel = slice.tunnels.first(where: { $0.inner == port }) {
      return say(plan, tunnel.label, "encrypted by the process at this end, sent to the other end's")
    }
    let label = slice.machines.lazy.flatMap(\.ports).first { $0.port == port }?.label ?? port
    say(plan, label, "arrives")
  }

  private mutating func leave(
    _ frame: TracedFrame, _ network: NetworkPlan, through ways: ArraySlice<WayPlan>, _ plan: HostPlan
  ) {
    for way in ways {
      let queue = way.classID.map { ", in class 1:\(String($0, radix: 16))" } ?? ""
      say(plan, way.uplink, "leaves with \(way.tag.words)\(queue)")
      guard let far = cables[Place(namespace: plan.namespace, interface: way.uplink)] else { continue }
      cross(frame, way.tag, to: far)
    }
  }

  /// At the far end of a cable: a switch, or another host.
  private mutating func cross(_ frame: TracedFrame, _ tag: TagPlan, to place: Place) {
    budget -= 1
    guard budget > 0, let plan = plans.first(where: { $0.namespace == place.namespace }) else { return }
    if plan.isSwitch { return forward(frame, tag, plan, at: place.interface) }
    for slice in plan.slices {
      for network in slice.networks where network.ways.contains(where: { $0.answers(tag, at: place.interface) }) {
        say(plan, place.interface, "comes with \(tag.words): belongs to \(network.label)")
        if let port = network.port { return arrive(frame, at: port, slice, plan) }
        return segment(frame, network, slice, plan, except: nil)
      }
    }
    say(plan, place.interface, "comes with \(tag.words)", dropped: "trunk-unknown-vlan")
  }

  private mutating func forward(_ frame: TracedFrame, _ tag: TagPlan, _ plan: HostPlan, at interface: String) {
    if case .vxlan(let identifier, _, let remote) = tag {
      let path = plan.paths.first { $0.identifier == identifier && $0.destination == remote }
      guard let path else { return say(plan, interface, "comes with \(tag.words)", dropped: "trunk-unknown-vlan") }
      say(plan, label(of: interface, plan), "switched to \(label(of: path.interface, plan))")
      if let far = cables[Place(namespace: plan.namespace, interface: path.interface)] { cross(frame, tag, to: far) }
      return
    }
    guard case .vlan(let vlan, let outer) = tag,
      let domain = plan.domains.first(where: { domain in
        domain.members.contains { $0.interface == interface && $0.vlan == vlan && $0.outer == outer }
      })
    else { return say(plan, interface, "comes with \(tag.words)", dropped: "trunk-unknown-vlan") }
    let isGroup = frame.destination.rawValue >> 40 & 1 == 1
    let others = domain.members.filter { $0.interface != interface }
    if others.count > 1, !isGroup {
      say(plan, label(of: interface, plan), "unless it was learned, flooded to \(others.count) ports")
    }
    for member in others {
      let next = TagPlan.vlan(member.vlan, outer: member.outer)
      say(plan, label(of: interface, plan), "switched to \(label(of: member.interface, plan)) with \(next.words)")
      if let far = cables[Place(namespace: plan.namespace, interface: member.interface)] { cross(frame, next, to: far) }
    }
  }

  private func label(of interface: String, _ plan: HostPlan) -> String {
    plans.lazy.flatMap(\.cables).first { $0.near == interface || $0.far == interface }?.label ?? interface
  }
}

extension TagPlan {
  fileprivate var words: String {
    switch self {
    case .none: "no tag"
    case .vlan(let vlan, let outer): "VLAN \(vlan)" + (outer.map { " in VLAN \($0) (802.1ad)" } ?? "")
    case .vxlan(let identifier, _, let remote): "VXLAN \(identifier) to \(IPAddress.v4(remote))"
    }
  }
}

extension WayPlan {
  fileprivate func answers(_ other: TagPlan, at interface: String) -> Bool {
    guard uplink == interface else { return false }
    switch (tag, other) {
    case (.vlan(let a, let b), .vlan(let c, let d)): return a == c && b == d
    case (.vxlan(let a, let local, let remote), .vxlan(let b, let from, let to)):
      return a == b && local == to && remote == from
    default: return false
    }
  }
}

extension MACAddress {
  /// 01:80:c2:00:00:00 … 0f (IEEE 802.1Q-2018, table 8-1).
  fileprivate var isNearestBridge: Bool { rawValue & ~0xf == 0x0180_c200_0000 }
}
