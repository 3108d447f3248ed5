import Infrastructure
import Planning
import Quantities
import Reservations
import Store

/// Everything that is kept, as one value: it is read whole, changed as a value, and what changed is written in
/// one transaction.
struct CloudState {
  /// Nil is this machine alone.
  var applied: Substrate?
  var records: [Name: InfrastructureRecord]
  var pool: VLANPool
  /// Numbers of networks are never given twice; this is the last that was.
  var lastNetwork: UInt32

  private var loaded: [Name: InfrastructureRecord] = [:]

  static let infrastructures = DocumentCollection<InfrastructureRecord>("infrastructures")
  static let substrates = DocumentCollection<Substrate>("substrate")
  static let pools = DocumentCollection<VLANPool>("vlans")
  static let counters = DocumentCollection<UInt32>("counters")

  /// Reads everything; `defaultSubstrate` gives the VLANs of a pool that was never written.
  init(from view: any Reading, defaultSubstrate: Substrate) throws {
    applied = try Self.substrates.value("applied", in: view)?.value
    let all = try Self.infrastructures.all(in: view).map { ($0.value.name, $0.value) }
    records = Dictionary(all, uniquingKeysWith: { first, _ in first })
    pool = try Self.pools.value("pool", in: view)?.value ?? VLANPool(applied ?? defaultSubstrate)
    lastNetwork = try Self.counters.value("network", in: view)?.value ?? 0
    loaded = records
  }

  /// A state in which nothing was ever kept.
  init(empty defaultSubstrate: Substrate) {
    applied = nil
    records = [:]
    pool = VLANPool(defaultSubstrate)
    lastNetwork = 0
  }

  /// Writes everything that changed since it was read.
  func write(to transaction: any Transaction) throws {
    for (name, record) in records where loaded[name] != record {
      try Self.infrastructures.write(record, name.description, in: transaction)
    }
    for name in loaded.keys where records[name] == nil {
      try Self.infrastructures.delete(name.description, in: transaction)
    }
    if let applied {
      try Self.substrates.write(applied, "applied", in: transaction)
    } else {
      try Self.substrates.delete("applied", in: transaction)
    }
    try Self.pools.write(pool, "pool", in: transaction)
    try Self.counters.write(lastNetwork, "network", in: transaction)
  }

  /// Records in the order of their creation.
  var sorted: [InfrastructureRecord] {
    records.values.sorted { ($0.created, $0.name) < ($1.created, $1.name) }
  }

  /// The lowest number that no infrastructure bears.
  var freeNumber: UInt32? {
    let taken = Set(records.values.map(\.admission.number))
    return (1...32767).first { !taken.contains($0) }
  }
}
