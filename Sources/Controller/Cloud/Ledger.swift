import Algorithms
import Embedding
import Infrastructure
import Planning
import Quantities
import Reservations

/// What follows from the records, offers and operations of a state, kept up to date by what changed: the calendar, and
/// which numbers are taken. Nothing of it is stored.
struct Ledger: Sendable {
  /// The substrate with nothing held.
  let base: SubstrateView
  /// Everything that is promised.
  private(set) var calendar: Calendar
  private var taken = NumberSet()
  /// Infrastructures that are being built or ended.
  private(set) var inFlight: Set<Name> = []
  /// Ids of operations by `USER KEY`.
  private(set) var operationOfKey = BucketedDictionary<String, String>()
  /// Running operations by target.
  private(set) var underWay = BucketedDictionary<String, [String]>()

  /// Another one for each substrate that was ever in force.
  let substrateNumber = UInt64.random(in: .min ... .max)

  init(_ substrate: Substrate) {
    base = SubstrateView(substrate)
    calendar = Calendar(capacities: base.capacity)
  }

  /// Makes it anew from everything.
  mutating func rebuild(from state: CloudState) {
    self = Ledger(state.substrate)
    for (name, record) in state.records { enter(name, nil, record) }
    for group in Set(state.offers.values.map(\.group)) { enter(group, state) }
    for (_, operation) in state.operations { enter(nil, operation) }
  }

  /// Takes in what changed since.
  mutating func catchUp(with state: CloudState) {
    // Numbers first: one that was given up may have been given to another at once.
    for before in state.records.unbooked.values { if let before { taken.remove(before.admission.number) } }
    for (name, before) in state.records.unbooked { enter(name, before, state.records[name]) }
    for (id, before) in state.operations.unbooked { enter(before, state.operations[id]) }
    var groups: Set<OfferGroup> = []
    for (number, before) in state.offers.unbooked {
      for held in [before, state.offers[number]] { if let held { groups.insert(held.group) } }
    }
    for group in groups { enter(group, state) }
  }

  private mutating func enter(_ name: Name, _ before: InfrastructureRecord?, _ record: InfrastructureRecord?) {
    if let record { taken.insert(record.admission.number) }
    if record?.isInFlight ?? false { inFlight.insert(name) } else { inFlight.remove(name) }
    // Most changes of a record are of its phase.
    guard before?.booked != record?.booked else { return }
    guard let booked = record?.booked else {
      calendar.remove(CloudState.key(name))
      return
    }
    let bookings = booked.embedding.bookings(of: booked.request, over: booked.interval, on: base.directory)
    calendar.put(Calendar.Entry(alternatives: [bookings]), as: CloudState.key(name))
  }

  private mutating func enter(_ before: Operation?, _ operation: Operation?) {
    if let before { forget(before) }
    guard let operation else { return }
    if operation.state == .running {
      underWay[operation.target] = (underWay[operation.target] ?? []).filter { $0 != operation.id } + [operation.id]
    }
    if let key = operation.calledBy { operationOfKey[key] = operation.id }
  }

  private mutating func forget(_ operation: Operation) {
    if operation.state == .running {
      let rest = underWay[operation.target, default: []].filter { $0 != operation.id }
      underWay[operation.target] = rest.isEmpty ? nil : rest
    }
    if let key = operation.calledBy, operationOfKey[key] == operation.id { operationOfKey[key] = nil }
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

extension InfrastructureRecord {
  fileprivate var isInFlight: Bool { standing.phase == .building || standing.phase == .ending }

  /// What the calendar has of it; nil where nothing is held for it any more.
  fileprivate var booked: Booked? {
    standing.phase == .ending
      ? nil : Booked(request: admission.infrastructure, embedding: admission.embedding, interval: interval)
  }

  fileprivate struct Booked: Equatable {
    var request: VirtualInfrastructure
    var embedding: Embedding
    var interval: Range<Timestamp>
  }
}

extension Operation {
  /// `USER KEY`; nil where its client gave it no key.
  fileprivate var calledBy: String? { key.map { "\(caller.user) \($0)" } }
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
