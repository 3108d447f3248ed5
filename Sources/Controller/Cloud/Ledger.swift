import Algorithms
import Embedding
import Infrastructure
import Planning
import Quantities
import Reservations

/// What follows from the records and offers of a state, kept up to date by what changed: the calendar, and which
/// numbers are taken. Nothing of it is stored.
struct Ledger: Sendable {
  /// The substrate with nothing held.
  let base: SubstrateView
  /// Everything that is promised.
  private(set) var calendar: Calendar
  private var numberOf = BucketedDictionary<Name, UInt32>()
  private var taken = NumberSet()
  /// Infrastructures that are being built or ended.
  private(set) var inFlight: Set<Name> = []
  /// Ids of operations by `USER KEY`.
  private(set) var operationOfKey: [String: String] = [:]
  /// Running operations by target.
  private(set) var underWay: [String: [String]] = [:]

  /// Another one for each substrate that was ever in force.
  let substrateNumber = UInt64.random(in: .min ... .max)

  init(_ substrate: Substrate) {
    base = SubstrateView(substrate)
    calendar = Calendar(capacities: base.capacity)
  }

  /// Makes it anew from everything.
  mutating func rebuild(from state: CloudState) {
    self = Ledger(state.substrate)
    for (name, _) in state.records { enter(name, state) }
    for group in Set(state.offers.values.map(\.group)) { enter(group, state) }
    for (id, _) in state.operations { enterOperation(id, state) }
  }

  /// Takes in what changed since.
  mutating func catchUp(with state: CloudState) {
    for name in state.records.unbooked { enter(name, state) }
    for id in state.operations.unbooked { enterOperation(id, state) }
    guard !state.offers.unbooked.isEmpty else { return }
    var groups = Set(state.offers.unbooked.compactMap { state.offers[$0]?.group })
    // What is gone cannot say for whom it was.
    for (id, _) in calendar.entries { if let group = OfferGroup(key: id) { groups.insert(group) } }
    for group in groups { enter(group, state) }
  }

  private mutating func enter(_ name: Name, _ state: CloudState) {
    if let number = numberOf[name] { taken.remove(number) }
    let record = state.records[name]
    numberOf[name] = record?.admission.number
    if record?.standing.phase == .building || record?.standing.phase == .ending {
      inFlight.insert(name)
    } else {
      inFlight.remove(name)
    }
    if let record { taken.insert(record.admission.number) }
    guard let record, record.standing.phase != .ending else {
      calendar.remove(CloudState.key(name))
      return
    }
    let bookings = record.admission.embedding.bookings(
      of: record.admission.infrastructure, over: record.interval, on: base.directory)
    let entry = Calendar.Entry(alternatives: [bookings])
    // Most changes of a record are of its phase.
    if calendar.entries[CloudState.key(name)] != entry { calendar.put(entry, as: CloudState.key(name)) }
  }

  private mutating func enterOperation(_ id: String, _ state: CloudState) {
    guard let operation = state.operations[id] else { return }
    var ids = underWay[operation.target] ?? []
    ids.removeAll { $0 == id }
    if operation.state == .running { ids.append(id) }
    underWay[operation.target] = ids.isEmpty ? nil : ids
    if let key = operation.key { operationOfKey["\(operation.caller.user) \(key)"] = id }
  }

  private mutating func enter(_ group: OfferGroup, _ state: CloudState) {
    let offers = state.offers.values.filter { $0.group == group }.sorted { $0.number < $1.number }
    guard !offers.isEmpty else {
      calendar.remove(group.key)
      return
    }
    let alternatives = offers.map {
      $0.offer.embedding.bookings(of: $0.offer.request, over: $0.offer.interval, on: base.directory)
    }
    calendar.put(Calendar.Entry(alternatives: alternatives, expires: offers.map(\.expires).max()), as: group.key)
  }

  /// The lowest number that no infrastructure bears, `1 ... 32767`.
  var lowestFreeNumber: UInt32? { taken.lowestFree }
}

/// A set of infrastructures' numbers.
private struct NumberSet: Sendable {
  // 0 is no number.
  private var words: [UInt64] = [1] + Array(repeating: 0, count: 511)

  mutating func insert(_ number: UInt32) { words[Int(number) >> 6] |= 1 << UInt64(number & 63) }
  mutating func remove(_ number: UInt32) { words[Int(number) >> 6] &= ~(1 << UInt64(number & 63)) }

  var lowestFree: UInt32? {
    guard let index = words.firstIndex(where: { $0 != .max }) else { return nil }
    return UInt32(index * 64 + (~words[index]).trailingZeroBitCount)
  }
}

extension CloudState {
  /// The ledger with everything that changed since it was last brought up to date.
  var booked: Ledger {
    guard !records.unbooked.isEmpty || !offers.unbooked.isEmpty || !operations.unbooked.isEmpty else { return ledger }
    var ledger = ledger
    ledger.catchUp(with: self)
    return ledger
  }

  /// Brings the ledger up to date, so that asking costs nothing.
  mutating func book() {
    ledger = booked
    records.booked()
    offers.booked()
    operations.booked()
  }
}
