import Embedding
import Infrastructure
import Planning
import Quantities
import Reservations
import Store

/// Everything that is kept, as one value: read whole once, changed as a value, and what changed is written in one
/// transaction. Copies share what they have in common, so that a change may be tried on one.
struct CloudState: Sendable {
  /// Nil is this machine alone.
  var applied: Substrate? {
    didSet { if applied != oldValue { ledger = Ledger(applied ?? machine) } }
  }
  var records = Shelf<Name, InfrastructureRecord>()
  var pool: VLANPool
  /// Numbers of networks are never given twice; this is the last that was.
  var lastNetwork: UInt32 = 0
  /// The last plans' generation.
  var generation: UInt64 = 0
  /// Counter-offers that are held, by number.
  var offers = Shelf<Int, HeldOffer>()
  /// Hosts that are not simply ready.
  var hosts = Shelf<Name, HostStanding>()
  /// Agents that were enrolled, by host.
  var agents = Shelf<Name, AgentIdentity>()
  /// What was ordered, by id.
  var operations = Shelf<String, Operation>()
  /// What an infrastructure was before a change of it that is not built yet.
  var previous = Shelf<Name, Admission>()
  /// Grows with every change, also over restarts.
  var revision: Int64 = 0
  /// Number of the last event.
  var lastEvent: UInt64 = 0
  /// The substrate where none was applied.
  let machine: Substrate
  var ledger: Ledger

  /// A state in which nothing was ever kept.
  init(empty machine: Substrate) {
    self.machine = machine
    pool = VLANPool(machine)
    ledger = Ledger(machine)
  }

  /// The substrate in force.
  var substrate: Substrate { applied ?? machine }

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
  var freeNumber: UInt32? { booked.lowestFreeNumber }
}

extension CloudState: Hashable {
  static func == (a: CloudState, b: CloudState) -> Bool {
    a.applied == b.applied && a.records == b.records && a.pool == b.pool && a.lastNetwork == b.lastNetwork
      && a.generation == b.generation && a.offers == b.offers && a.hosts == b.hosts && a.agents == b.agents
      && a.operations == b.operations && a.previous == b.previous
  }

  func hash(into hasher: inout Hasher) {
    hasher.combine(records)
    hasher.combine(generation)
  }
}
