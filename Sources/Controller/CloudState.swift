import Infrastructure
import Planning
import Quantities
import Reservations
import Store

/// Everything that is kept, as one value: it is read whole, changed as a value, and what changed is written in
/// one transaction.
struct CloudState: Hashable {
  /// Nil is this machine alone.
  var applied: Substrate?
  var records: [Name: InfrastructureRecord]
  var pool: VLANPool
  /// Numbers of networks are never given twice; this is the last that was.
  var lastNetwork: UInt32
  /// The last plans' generation.
  var generation: UInt64
  /// Counter-offers that are held, by number.
  var offers: [Int: HeldOffer]

  /// A state in which nothing was ever kept.
  init(empty defaultSubstrate: Substrate) {
    applied = nil
    records = [:]
    pool = VLANPool(defaultSubstrate)
    lastNetwork = 0
    generation = 0
    offers = [:]
  }

  /// The substrate in force.
  var substrate: Substrate { applied ?? ThisMachine.substrate }

  /// This state, with the counters of a later one: what they gave out is never given twice.
  func after(_ later: CloudState) -> CloudState {
    var state = self
    (state.generation, state.lastNetwork) = (later.generation, later.lastNetwork)
    return state
  }

  /// Records in the order of their creation.
  var sorted: [InfrastructureRecord] {
    records.values.sorted { ($0.created, $0.admission.number) < ($1.created, $1.admission.number) }
  }

  /// A network's number, which is also its VXLAN identifier: 23 bits, and none comes again before all others were
  /// given. The identifiers' highest bit is for what carries encrypted frames.
  mutating func nextNetwork(beside admission: Admission) -> UInt32 {
    while true {
      lastNetwork = lastNetwork == .max ? 1 << 23 : lastNetwork + 1
      let number = lastNetwork & 0x7f_ffff
      // In the first round there is nobody who could have it.
      guard lastNetwork > 0x7f_ffff else { return number }
      let isTaken =
        number == 0 || admission.holds(network: number)
        || records.values.contains { $0.admission.holds(network: number) }
      if !isTaken { return number }
    }
  }

  /// The lowest number that no infrastructure bears.
  var freeNumber: UInt32? {
    let taken = Set(records.values.map(\.admission.number))
    return (1...32767).first { !taken.contains($0) }
  }
}

extension CloudState {
  private struct Counters: Codable, Hashable {
    var network: UInt32
    var generation: UInt64
  }

  private static let admissions = DocumentCollection<Admission>("admissions")
  private static let standings = DocumentCollection<InfrastructureRecord.Standing>("standings")
  private static let substrates = DocumentCollection<Substrate>("substrate")
  private static let pools = DocumentCollection<VLANPool>("vlans")
  private static let heldOffers = DocumentCollection<HeldOffer>("offers")
  private static let counters = DocumentCollection<Counters>("counters")

  /// Reads everything; `defaultSubstrate` gives the VLANs of a pool that was never written.
  init(from view: any Reading, defaultSubstrate: Substrate) throws {
    self.init(empty: defaultSubstrate)
    applied = try Self.substrates.value("applied", in: view)?.value
    let standings = try Self.standings.all(in: view).map { ($0.key, $0.value) }
    let byName = Dictionary(standings, uniquingKeysWith: { first, _ in first })
    for (key, admission, _) in try Self.admissions.all(in: view) {
      guard let standing = byName[key] else { continue }
      records[admission.infrastructure.name] = InfrastructureRecord(admission: admission, standing: standing)
    }
    if let kept = try Self.pools.value("pool", in: view)?.value { pool = kept }
    for (_, offer, _) in try Self.heldOffers.all(in: view) { offers[offer.number] = offer }
    if let kept = try Self.counters.value("last", in: view)?.value {
      lastNetwork = kept.network
      generation = kept.generation
    }
  }

  /// Writes what differs from `old`. An admission is large and rarely changes, its standing is small and
  /// often does, so they are documents of their own.
  func write(to transaction: any Transaction, since old: CloudState) throws {
    for (name, record) in records {
      let before = old.records[name]
      if before?.admission != record.admission {
        try Self.admissions.write(record.admission, name.description, in: transaction)
      }
      if before?.standing != record.standing {
        try Self.standings.write(record.standing, name.description, in: transaction)
      }
    }
    for name in old.records.keys where records[name] == nil {
      try Self.admissions.delete(name.description, in: transaction)
      try Self.standings.delete(name.description, in: transaction)
    }
    try writeShared(to: transaction, since: old)
  }

  private func writeShared(to transaction: any Transaction, since old: CloudState) throws {
    if let applied, applied != old.applied { try Self.substrates.write(applied, "applied", in: transaction) }
    if applied == nil, old.applied != nil { try Self.substrates.delete("applied", in: transaction) }
    for (number, offer) in offers where old.offers[number] != offer {
      try Self.heldOffers.write(offer, "\(number)", in: transaction)
    }
    for number in old.offers.keys where offers[number] == nil {
      try Self.heldOffers.delete("\(number)", in: transaction)
    }
    if pool != old.pool { try Self.pools.write(pool, "pool", in: transaction) }
    if lastNetwork != old.lastNetwork || generation != old.generation {
      let last = Counters(network: lastNetwork, generation: generation)
      try Self.counters.write(last, "last", in: transaction)
    }
  }
}
