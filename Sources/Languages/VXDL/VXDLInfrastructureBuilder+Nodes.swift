import Infrastructure
import Quantities

extension VXDLInfrastructureBuilder {
  /// Adds what is a node; notes what is an access point.
  mutating func addNode(_ resource: VXDLResource, _ names: inout VXDLNames) throws(Problem) {
    let kind: String
    switch resource {
    case .node: kind = "vNode"
    case .router: kind = "vRouter"
    case .storage: kind = "vStorage"
    case .accessPoint(let point): return keep(point)
    case .link, .array: return
    }
    let name = names.name(for: resource.id, else: "node")
    guard self.names.updateValue(name, forKey: resource.id) == nil else {
      throw Problem(
        .invalid, "duplicate-id", "\(kind) '\(resource.id.excerpt)' has an id that is already taken.",
        remedy: "Give one of the two another id.")
    }
    do { try addNode(resource, name, "\(kind) '\(resource.id.excerpt)'") } catch {
      throw error.about("\(kind) '\(resource.id.excerpt)'")
    }
  }

  private mutating func addNode(_ resource: VXDLResource, _ name: Name, _ subject: String) throws(Problem) {
    var node = Node(name: name, cpu: Node.Kind.machine.usualCPU, memory: Node.Kind.machine.usualMemory)
    var labels = VXDLLabels()
    labels.keep(resource.traits)
    node.location = resource.location ?? document.common.location
    node.isExclusive = resource.traits.exclusivity ?? false
    noteTimes(resource.traits, subject)
    switch resource {
    case .node(let machine): try fill(&node, &labels, machine, subject)
    case .router(let router): try fill(&node, &labels, router, subject)
    case .storage(let storage): try fill(&node, &labels, storage, subject)
    default: return
    }
    node.labels = labels.values
    nodes.append(node)
  }

  func noteTimes(_ traits: VXDLTraits) -> String? {
    traits.common.startDate == nil && traits.common.totalTime == nil
      ? nil : "is held as long as the whole: its own startDate and totalTime are only noted."
  }

  private mutating func noteTimes(_ traits: VXDLTraits, _ subject: String) {
    if let remark = noteTimes(traits) { remarks.append("\(subject) \(remark)") }
  }

  private mutating func fill(
    _ node: inout Node, _ labels: inout VXDLLabels, _ machine: VXDLNode, _ subject: String
  ) throws(Problem) {
    let usual = (cpu: node.cpu, memory: node.memory)
    let cores = machine.cpu?.cores ?? []
    node.cpu = try cores.initial(events)?.cores(usual: usual.cpu) ?? usual.cpu
    node.memory = try machine.memory.initial(events)?.memory(usual: usual.memory) ?? usual.memory
    node.storage = try machine.storage.initial(events)?.storage() ?? .zero
    try want(&node, machine)
    for (after, capacity) in try cores.later(events) {
      let cpu = try capacity.cores(usual: usual.cpu)
      change(node.name, after) { $0.cpu = cpu }
    }
    for (after, capacity) in try machine.memory.later(events) {
      let memory = try capacity.memory(usual: usual.memory)
      change(node.name, after) { $0.memory = memory }
    }
    for (after, capacity) in try machine.storage.later(events) {
      let storage = try capacity.storage()
      change(node.name, after) { $0.storage = storage }
    }
    try noteMaxima(
      [
        ("cores", cores.later(events).map(\.capacity), .cores),
        ("memory", machine.memory.later(events).map(\.capacity), .bytes),
        ("storage", machine.storage.later(events).map(\.capacity), .bytes),
      ], subject)
    setImage(&node, &labels, machine.image, subject)
    labels[.region] = machine.region
    labels[all: .device] = machine.devices
    labels[.architecture] = machine.cpu?.architecture
    // Events that change nothing else are left out, so a frequency could not name its event.
    let frequencies = machine.cpu?.frequency ?? []
    labels[all: .frequency] = frequencies.filter { $0.event == nil }.map { MarkupText.line($0.element("frequency")) }
    if frequencies.contains(where: { $0.event != nil }) {
      remarks.append("\(subject): later changes of its frequency are left out.")
    }
    labels[all: .interface] = machine.interfaces.map { MarkupText.line(VXDLTreeWriter.interface($0)) }
  }

  /// Where there is a choice at the start, the most is wanted, and what was asked for so far is the least.
  private func want(_ node: inout Node, _ machine: VXDLNode) throws(Problem) {
    var least = TimelineEvent.NodeChange()
    if let most = try machine.cpu?.cores.initial(events)?.most(.cores) {
      (least.cpu, node.cpu) = (node.cpu, Cores(thousandths: most))
    }
    if let most = try machine.memory.initial(events)?.most(.bytes) {
      (least.memory, node.memory) = (node.memory, ByteCount(bytes: most))
    }
    if let most = try machine.storage.initial(events)?.most(.bytes) {
      (least.storage, node.storage) = (node.storage, ByteCount(bytes: most))
    }
    node.least = least == TimelineEvent.NodeChange() ? nil : least
  }

  private mutating func fill(
    _ node: inout Node, _ labels: inout VXDLLabels, _ router: VXDLRouter, _ subject: String
  ) throws(Problem) {
    node.kind = .router
    (node.cpu, node.memory) = (Node.Kind.router.usualCPU, Node.Kind.router.usualMemory)
    let usual = node.memory
    node.memory = try router.memory.initial(events)?.memory(usual: usual) ?? usual
    for (after, capacity) in try router.memory.later(events) {
      let memory = try capacity.memory(usual: usual)
      change(node.name, after) { $0.memory = memory }
    }
    try noteMaxima([("memory", router.memory, .bytes)], subject)
    labels[.region] = router.region
    labels[all: .interface] = router.interfaces.map { MarkupText.line(VXDLTreeWriter.interface($0)) }
    guard let plane = router.controlPlane else { return }
    labels[.controlPlane] = MarkupText.line(VXDLTreeWriter.controlPlane(plane))
    remarks.append("\(subject) forwards between its interfaces: its controlPlane is only noted.")
  }

  /// As small as a router: it only hands out its disk.
  private mutating func fill(
    _ node: inout Node, _ labels: inout VXDLLabels, _ storage: VXDLStorage, _ subject: String
  ) throws(Problem) {
    (node.cpu, node.memory) = (Node.Kind.router.usualCPU, Node.Kind.router.usualMemory)
    node.storage = try storage.size.initial(events)?.storage() ?? .zero
    for (after, capacity) in try storage.size.later(events) {
      let size = try capacity.storage()
      change(node.name, after) { $0.storage = size }
    }
    try noteMaxima([("size", storage.size, .bytes)], subject)
    setImage(&node, &labels, storage.image, subject)
    labels[.kind] = "vStorage"
    labels[.type] = storage.type
    labels[.region] = storage.region
    remarks.append("\(subject) becomes a machine with that disk.")
  }

  /// An absolute path is an image; any other text is only noted.
  private mutating func setImage(
    _ node: inout Node, _ labels: inout VXDLLabels, _ text: String?, _ subject: String
  ) {
    guard let text else { return }
    if let image = try? Image(parsing: text), image != .host {
      node.image = image
    } else {
      labels[.image] = text
      remarks.append("\(subject) runs the host's root: its image '\(text.excerpt)' is only noted.")
    }
  }

  private mutating func noteMaxima(
    _ amounts: [(name: String, capacities: [VXDLCapacity], measure: VXDLMeasure)], _ subject: String
  ) throws(Problem) {
    for (name, capacities, measure) in amounts {
      for capacity in capacities where try capacity.hasUnusedMaximum(measure) {
        remarks.append("\(subject): of its \(name) only the minimum is asked for, not the maximum.")
        break
      }
    }
  }

  private mutating func change(
    _ node: Name, _ after: Duration, _ body: (inout TimelineEvent.NodeChange) -> Void
  ) {
    body(&changes[after, default: TimelineEvent(after: after)].nodes[node, default: TimelineEvent.NodeChange()])
  }
}
