import Linux
import Planning
import Quantities

extension Difference {
  /// What must be done to one link's discipline.
  public struct Shape: Hashable, Sendable {
    public var interface: String
    /// Rate of the whole link to set, and the discipline to make where there is none.
    public var rate: Bitrate?
    /// The link carries one network only, and has no classes.
    public var isPlain = false
    public var classes: [LinkClass] = []
    /// Classes that nobody uses any more: taken away when all have turned to others.
    public var surplus: [UInt16] = []
    /// The discipline goes as a whole.
    public var isRemoved = false
  }

  mutating func compareShapes(_ plan: HostPlan, _ observed: Observation, kept: Set<String>) {
    var wanted: Set<String> = []
    for shaper in plan.shapers {
      wanted.insert(shaper.interface)
      compare(shaper, observed.shapes[shaper.interface] ?? [:])
    }
    let removed = Set(removedLinks)
    for port in plan.slices.lazy.flatMap(\.machines).flatMap(\.ports) {
      let present = removed.contains(port.port) ? nil : observed.shapes[port.port]?[1]
      guard let rate = port.rate else { continue }
      wanted.insert(port.port)
      // A port that is made brings its limit with it.
      guard observed.links[port.port] != nil, !removed.contains(port.port), present?.rate != rate.wholeOctets else {
        continue
      }
      shapes.append(Shape(interface: port.port, rate: rate, isPlain: true))
    }
    for interface in observed.shapes.keys.sorted()
    where !wanted.contains(interface) && !removed.contains(interface) && observed.links[interface] != nil {
      guard kept.contains(interface) || observed.links[interface]?.group == 0 else { continue }
      shapes.append(Shape(interface: interface, isRemoved: true))
    }
  }

  private mutating func compare(_ shaper: ShaperPlan, _ present: [UInt16: LinkClass]) {
    var shape = Shape(interface: shaper.interface)
    let rate = shaper.linkRate.wholeOctets
    if present[1]?.rate != rate { shape.rate = rate }
    var wanted: Set<UInt16> = [1, 0xffff]
    for plan in shaper.classes {
      let share = LinkClass(plan, on: rate)
      wanted.insert(share.id)
      if present[share.id] != share { shape.classes.append(share) }
    }
    shape.surplus = present.keys.filter { !wanted.contains($0) }.sorted()
    if shape != Shape(interface: shaper.interface) { shapes.append(shape) }
  }
}

extension ShaperPlan {
  /// A link that is not limited needs a number all the same.
  var linkRate: Bitrate { rate ?? Bitrate(bitsPerSecond: 400_000_000_000) }
}

extension LinkClass {
  /// The class of a planned share: what is reserved is served before best effort.
  init(_ plan: ClassPlan, on link: Bitrate) {
    let rate = min(plan.minimum ?? NetlinkBatch.leastRate, link)
    self.init(
      id: plan.id, rate: max(rate, NetlinkBatch.leastRate).wholeOctets,
      ceiling: max(min(plan.maximum ?? link, link), rate, NetlinkBatch.leastRate).wholeOctets, quantum: plan.quantum,
      priority: plan.minimum == nil ? 1 : 0)
  }
}

extension Bitrate {
  /// As the kernel keeps it: in octets a second.
  var wholeOctets: Bitrate { Bitrate(bitsPerSecond: bitsPerSecond / 8 * 8) }
}
