/// Puts the packets of several interfaces in the order of their times.
///
/// Each interface's packets come in order, but up to `patience` after their time. A packet is therefore held
/// that long after it came: whatever is older has come by then. Only how long packets wait here is measured, so
/// setting the system's clock holds nothing up.
struct PacketMerge {
  /// Nanoseconds that an older packet of another interface may come later.
  let patience: UInt64
  /// Octets held at most; above, all are given away in the order known then.
  let roomOctets: Int
  /// In order of time, then of arrival.
  private var held: [CapturedPacket] = []
  private var heldOctets = 0
  /// For each arrival that is not due yet: its moment, and the latest time among its packets.
  private var arrivals: [(moment: UInt64, latest: UInt64)] = []

  init(patience: UInt64, roomOctets: Int = 64 << 20) {
    self.patience = patience
    self.roomOctets = roomOctets
  }

  var isEmpty: Bool { held.isEmpty }

  /// Takes packets that came at `moment` (of a clock that nobody sets).
  mutating func add(_ packets: [CapturedPacket], at moment: UInt64) {
    guard let latest = packets.lazy.map(\.time).max() else { return }
    arrivals.append((moment, latest))
    heldOctets += packets.reduce(0) { $0 + $1.bytes.count }
    held += packets
    // Swift's sort keeps the order of equals (SE-0372 documents it) and is quick on what is mostly sorted.
    held.sort { $0.time < $1.time }
  }

  /// Gives the packets whose turn has come.
  mutating func due(at moment: UInt64) -> [CapturedPacket] {
    if heldOctets > roomOctets { return all() }
    let ready = arrivals.prefix { $0.moment + patience <= moment }
    guard let latest = ready.lazy.map(\.latest).max() else { return [] }
    arrivals.removeFirst(ready.count)
    let end = held.firstIndex { $0.time > latest } ?? held.count
    let packets = Array(held[..<end])
    held.removeFirst(end)
    heldOctets -= packets.reduce(0) { $0 + $1.bytes.count }
    return packets
  }

  /// Gives everything that is held.
  mutating func all() -> [CapturedPacket] {
    defer { (held, heldOctets, arrivals) = ([], 0, []) }
    return held
  }
}
