import Infrastructure
import Planning
import Quantities
import Reservations
import Store

extension CloudState {
  private struct Counters: Codable, Hashable {
    var network: UInt32
    var generation: UInt64
    var revision: Int64?
    var event: UInt64?
  }

  private static let admissions = DocumentCollection<Admission>("admissions")
  private static let standings = DocumentCollection<InfrastructureRecord.Standing>("standings")
  private static let substrates = DocumentCollection<Substrate>("substrate")
  /// The whole pool, as versions before the service wrote it; its rows are documents of their own now.
  private static let pools = DocumentCollection<VLANPool>("vlans")
  private static let quarantine = DocumentCollection<[VLANRow]>("quarantine")
  private static let heldOffers = DocumentCollection<HeldOffer>("offers")
  private static let counters = DocumentCollection<Counters>("counters")
  private static let hostStandings = DocumentCollection<HostStanding>("hosts")
  private static let agentIdentities = DocumentCollection<AgentIdentity>("agents")
  private static let operations = DocumentCollection<Operation>("operations")
  private static let previousAdmissions = DocumentCollection<Admission>("previous")

  /// Reads everything; `defaultSubstrate` gives the VLANs of a pool that was never written.
  init(from view: any Reading, defaultSubstrate: Substrate) throws {
    self.init(empty: defaultSubstrate)
    if let kept = try Self.substrates.value("applied", in: view)?.value {
      applied = kept
      ledger = Ledger(kept)
      pool = VLANPool(kept)
    }
    let standings = try Self.standings.all(in: view).map { ($0.key, $0.value) }
    let byName = Dictionary(standings, uniquingKeysWith: { first, _ in first })
    for (key, admission, _) in try Self.admissions.all(in: view) {
      guard let standing = byName[key] else { continue }
      records.load(InfrastructureRecord(admission: admission, standing: standing), admission.infrastructure.name)
    }
    try loadPool(view)
    for (_, offer, _) in try Self.heldOffers.all(in: view) { offers.load(offer, offer.number) }
    for (key, standing, _) in try Self.hostStandings.all(in: view) { hosts.load(standing, try Name(parsing: key)) }
    for (key, agent, _) in try Self.agentIdentities.all(in: view) { agents.load(agent, try Name(parsing: key)) }
    for (key, operation, _) in try Self.operations.all(in: view) { operations.load(operation, key) }
    for (_, admission, _) in try Self.previousAdmissions.all(in: view) {
      previous.load(admission, admission.infrastructure.name)
    }
    if let kept = try Self.counters.value("last", in: view)?.value {
      (lastNetwork, generation) = (kept.network, kept.generation)
      (revision, lastEvent) = (kept.revision ?? 0, kept.event ?? 0)
    }
    ledger.rebuild(from: self)
  }

  /// What admissions hold stands in them; only what waits for its removal is kept beside.
  private mutating func loadPool(_ view: any Reading) throws {
    if let kept = try Self.pools.value("pool", in: view)?.value {
      pool = kept
      return
    }
    for (_, rows, _) in try Self.quarantine.all(in: view) { for row in rows { try restore(row) } }
    for record in records.values where record.standing.phase != .ending {
      for (owner, _) in record.admission.owners {
        for (site, vlan) in (record.admission.vlans[owner.network] ?? [:]).sorted(by: { $0.key < $1.key }) {
          try restore(VLANRow(site: site, vlan: vlan, state: .held, owner: owner))
        }
      }
    }
  }

  private mutating func restore(_ row: VLANRow) throws {
    guard pool.restore(row) else {
      throw Problem(
        .failed, "state-unreadable", "The store gives VLAN \(row.vlan.rawValue) at site \(row.site) to two networks.",
        remedy: "Restore the store from a backup ('virtcloud store restore').")
    }
  }

  /// Writes what changed since `old`, which is what the store holds. An admission is large and rarely changes, its
  /// standing is small and often does, so they are documents of their own.
  func write(to transaction: any Transaction, since old: CloudState) throws {
    for name in records.unsaved {
      let (before, record) = (old.records[name], records[name])
      guard let record else {
        try Self.admissions.delete(name.description, in: transaction)
        try Self.standings.delete(name.description, in: transaction)
        continue
      }
      if before?.admission != record.admission {
        try Self.admissions.write(record.admission, name.description, in: transaction)
      }
      if before?.standing != record.standing {
        try Self.standings.write(record.standing, name.description, in: transaction)
      }
    }
    if let applied, applied != old.applied { try Self.substrates.write(applied, "applied", in: transaction) }
    if applied == nil, old.applied != nil { try Self.substrates.delete("applied", in: transaction) }
    try offers.write(to: transaction, Self.heldOffers)
    try hosts.write(to: transaction, Self.hostStandings)
    try agents.write(to: transaction, Self.agentIdentities)
    try operations.write(to: transaction, Self.operations)
    try previous.write(to: transaction, Self.previousAdmissions)
    try writeQuarantine(to: transaction, since: old)
    let last = Counters(network: lastNetwork, generation: generation, revision: revision, event: lastEvent)
    try Self.counters.write(last, "last", in: transaction)
  }

  private func writeQuarantine(to transaction: any Transaction, since old: CloudState) throws {
    if try transaction.document("vlans", "pool") != nil {
      try Self.pools.delete("pool", in: transaction)
      for owner in pool.waiting { try writeQuarantine(of: owner, to: transaction) }
      return
    }
    for owner in pool.waiting.union(old.pool.waiting) where pool.rows(of: owner) != old.pool.rows(of: owner) {
      try writeQuarantine(of: owner, to: transaction)
    }
  }

  private func writeQuarantine(of owner: NetworkOwner, to transaction: any Transaction) throws {
    let rows = pool.rows(of: owner).filter { $0.state == .quarantined }
    let key = "\(owner.number)"
    if rows.isEmpty {
      try Self.quarantine.delete(key, in: transaction)
    } else {
      try Self.quarantine.write(rows, key, in: transaction)
    }
  }

  /// Notes that everything is written.
  mutating func saved() {
    records.saved()
    offers.saved()
    hosts.saved()
    agents.saved()
    operations.saved()
    previous.saved()
  }
}
