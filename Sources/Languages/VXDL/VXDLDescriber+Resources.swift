import Infrastructure
import Quantities

extension VXDLDescriber {
  mutating func resource(_ node: Node, _ id: String, _ events: [String]) throws(Problem) -> VXDLResource {
    let labels = VXDLLabels(node.labels)
    var traits = try labels.traits(id: id)
    traits.common.location = node.location
    traits.exclusivity = node.isExclusive ? true : nil
    let memory = capacities(node.memory, node.least?.memory, events, node.name, \.memory)
    let storage = capacities(
      node.storage == .zero ? nil : node.storage, node.least?.storage, events, node.name, \.storage)
    if node.kind == .router {
      noteUnwritten(
        node, isUnusual: node.cpu != Node.Kind.router.usualCPU || node.storage != .zero || node.image != .host)
      var router = VXDLRouter(traits)
      router.region = labels[.region]
      router.memory = memory
      router.controlPlane = try controlPlane(labels)
      router.interfaces = try interfaces(labels)
      return .router(router)
    }
    if labels[.kind] == "vStorage" {
      let usual = (Node.Kind.router.usualCPU, Node.Kind.router.usualMemory)
      noteUnwritten(node, isUnusual: (node.cpu, node.memory) != usual)
      var disk = VXDLStorage(traits)
      disk.type = labels[.type]
      disk.image = image(node, labels)
      disk.region = labels[.region]
      disk.size = storage
      return .storage(disk)
    }
    var machine = VXDLNode(traits)
    machine.devices = labels[all: .device]
    machine.image = image(node, labels)
    machine.region = labels[.region]
    (machine.memory, machine.storage) = (memory, storage)
    machine.cpu = VXDLProcessor(
      architecture: labels[.architecture], cores: cores(node, events), frequency: try frequencies(labels))
    machine.interfaces = try interfaces(labels)
    return .node(machine)
  }

  /// `vRouter` has neither processor nor disk nor image, `vStorage` nothing but its disk.
  private mutating func noteUnwritten(_ node: Node, isUnusual: Bool) {
    let isChanged = infrastructure.timeline.contains { event in
      guard let change = event.nodes[node.name] else { return false }
      return change.cpu != nil || (node.kind == .router ? change.storage != nil : change.memory != nil)
    }
    guard isUnusual || isChanged else { return }
    remarks.append("Node '\(node.name)': what a \(node.kind == .router ? "vRouter" : "vStorage") lacks is left out.")
  }

  private func image(_ node: Node, _ labels: VXDLLabels) -> String? {
    switch node.image {
    case .host: labels[.image]
    case .directory(let path), .archive(let path): path
    }
  }

  private func cores(_ node: Node, _ events: [String]) -> [VXDLCapacity] {
    func number(_ cores: Cores) -> VXDLNumber { VXDLNumber(cores.thousandths, places: 3) }
    func capacity(_ cores: Cores, _ event: String?) -> VXDLCapacity {
      VXDLCapacity(.simple(number(cores)), event: event)
    }
    let first = node.least?.cpu.map { VXDLCapacity(.interval(min: number($0), max: number(node.cpu))) }
    return [first ?? capacity(node.cpu, nil)]
      + zip(events, infrastructure.timeline).compactMap { id, event in
        event.nodes[node.name]?.cpu.map { capacity($0, id) }
      }
  }

  private func capacities(
    _ amount: ByteCount?, _ least: ByteCount?, _ events: [String], _ node: Name,
    _ change: KeyPath<TimelineEvent.NodeChange, ByteCount?>
  ) -> [VXDLCapacity] {
    let later = zip(events, infrastructure.timeline).compactMap { id, event in
      event.nodes[node]?[keyPath: change].map { Self.capacity($0, id) }
    }
    return (amount.map { [Self.capacity($0, nil, least: least)] } ?? []) + later
  }

  private static func capacity(_ amount: ByteCount, _ event: String?, least: ByteCount? = nil) -> VXDLCapacity {
    let (number, unit) = scaled(amount.bytes, ["B", "KB", "MB", "GB", "TB"])
    guard let least else { return VXDLCapacity(.simple(number), unit: unit, event: event) }
    // Both in bytes: one unit for two numbers.
    return VXDLCapacity(
      .interval(min: VXDLNumber(least.bytes, places: 0), max: VXDLNumber(amount.bytes, places: 0)), unit: "B",
      event: event)
  }

  /// The number in the largest of the units, each 1000 of the one before, of which there is one at least.
  private static func scaled(_ amount: UInt64, _ units: [String]) -> (VXDLNumber, String) {
    var (place, unit) = (0, UInt64(1))
    while place + 1 < units.count, amount / unit >= 1000 { (place, unit) = (place + 1, unit * 1000) }
    return (VXDLNumber(amount, places: place * 3), units[place])
  }

  private func frequencies(_ labels: VXDLLabels) throws(Problem) -> [VXDLCapacity] {
    var reader = VXDLTreeReader()
    let elements = try labels[all: .frequency].map { (text) throws(Problem) in
      try VXDLLabels.element(text, of: .frequency)
    }
    let fields = try MarkupFields(MarkupElement("cpu", elements), of: "The label", ["frequency"])
    return try reader.capacities(fields, "frequency", .frequency)
  }

  private func interfaces(_ labels: VXDLLabels) throws(Problem) -> [VXDLInterface] {
    let elements = try labels[all: .interface].map { (text) throws(Problem) in
      try VXDLLabels.element(text, of: .interface)
    }
    let fields = try MarkupFields(MarkupElement("vNode", elements), of: "The label", ["interface"])
    return try VXDLTreeReader().interfaces(fields)
  }

  private func controlPlane(_ labels: VXDLLabels) throws(Problem) -> VXDLControlPlane? {
    guard let text = labels[.controlPlane] else { return nil }
    var reader = VXDLTreeReader()
    return try reader.controlPlane(try VXDLLabels.element(text, of: .controlPlane), "The label")
  }

  /// Rates and latency; what is not asked for is not written.
  func fill(_ link: inout VXDLLink, _ network: Network, _ events: [String]) {
    let changes = zip(events, infrastructure.timeline).compactMap { id, event in
      event.networks[network.name].map { (id, $0) }
    }
    let reverse = network.reverseRate ?? network.rate
    let bandwidth = VXDLBandwidth(
      forward: Self.rates(network.rate) + changes.compactMap { id, change in change.rate.map { Self.rate($0, id) } },
      reverse: Self.rates(reverse) + changes.compactMap { id, change in change.reverseRate.map { Self.rate($0, id) } })
    if bandwidth != VXDLBandwidth() { link.bandwidth = bandwidth }
    if let latency = network.maximumLatency {
      let (seconds, attoseconds) = latency.components
      let nanoseconds = UInt64(max(0, seconds)) * 1_000_000_000 + UInt64(max(0, attoseconds) / 1_000_000_000)
      link.latency = [VXDLCapacity(.interval(min: nil, max: VXDLNumber(nanoseconds, places: 6)), unit: "ms")]
    }
  }

  private static func rates(_ range: RateRange) -> [VXDLCapacity] { range == RateRange() ? [] : [rate(range, nil)] }

  private static func rate(_ range: RateRange, _ event: String?) -> VXDLCapacity {
    let most = max(range.minimum?.bitsPerSecond ?? 0, range.maximum?.bitsPerSecond ?? 0)
    let (place, unit) = most % 1_000_000_000 == 0 ? (9, "Gbps") : (6, "Mbps")
    let low = range.minimum.map { VXDLNumber($0.bitsPerSecond, places: place) }
    let high = range.maximum.map { VXDLNumber($0.bitsPerSecond, places: place) }
    if let low, low == high { return VXDLCapacity(.simple(low), unit: unit, event: event) }
    return VXDLCapacity(.interval(min: low, max: high), unit: unit, event: event)
  }
}
