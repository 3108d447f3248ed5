import FoundationEssentials
import Infrastructure
import Linux
import Planning
import Quantities
import Store

/// Who did what, when, from where, and what came of it.
public struct AuditEntry: Codable, Hashable, Sendable {
  public var time: Timestamp
  public var user: String
  /// How they proved it: `socket`, `certificate`, `token`, `agent`.
  public var origin: String
  /// Address, or `local`.
  public var address: String
  /// Method and path, or the kind of operation.
  public var action: String
  public var object: String?
  /// `done`, or the problem's code.
  public var outcome: String

  public init(
    time: Timestamp, user: String, origin: String, address: String, action: String, object: String?, outcome: String
  ) {
    (self.time, self.user, self.origin, self.address) = (time, user, origin, address)
    (self.action, self.object, self.outcome) = (action, object, outcome)
  }
}

extension Cloud {
  private static let audit = DocumentCollection<AuditEntry>("audit")
  private static let usageRecords = DocumentCollection<UsageRecord>("usage")

  /// Keeps an entry of the audit log, soon and durably; where it cannot be kept, `failed` is told.
  public func note(audit entry: AuditEntry, failed: @escaping @Sendable (any Error) -> Void) {
    // Sorted by time, within its second by when it was noted, and never twice the same.
    let moment = String(Clock.monotonic, radix: 16)
    let noted = String(repeating: "0", count: 16 - moment.count) + moment
    let key = "\(entry.time)-\(noted)-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    writer.submit(
      { _, turn in
        turn.documents.append(KeptDocument("audit", key, try Writer.Turn.json(entry)))
        return {}
      }, refuse: failed)
  }

  /// Keeps documents that are not the engine's own: all or none, durable when it returns. Waits for that, and is not
  /// called from an answer of the engine's.
  ///
  /// Only leaders can: what stands behind the fence of the store is written by one controller.
  public func keep(_ documents: [KeptDocument]) throws {
    guard !documents.isEmpty else { return }
    try writer.change { _, turn in turn.documents += documents }
  }

  /// The documents of a collection, by key; reads the store, so it waits.
  public func kept(_ collection: String) throws -> [(key: String, body: String)] {
    try store.read { try $0.documents(collection) }.map { ($0.key, $0.body) }
  }

  /// The latest entries first, with the keys that they have for good; reads the store, so it waits.
  ///
  /// - Parameter key: Only what is older than the entry of this key.
  public func auditLog(
    limit: Int, before key: String? = nil, where isWanted: (AuditEntry) -> Bool = { _ in true }
  ) throws -> [(key: String, entry: AuditEntry)] {
    let entries = try store.read { try Self.audit.all(in: $0) }
    var found: [(key: String, entry: AuditEntry)] = []
    for entry in entries.reversed() where found.count < limit {
      if let key, entry.key >= key { continue }
      if isWanted(entry.value) { found.append((entry.key, entry.value)) }
    }
    return found
  }

  /// What was used in an interval, by whoever still uses and whoever has ended; reads the store, so it waits.
  public func usage(over interval: Range<Timestamp>) throws -> [UsageRecord] {
    let ended = try store.read { try Self.usageRecords.all(in: $0) }.map(\.value)
    let state = writer.state
    let time = now()
    let present = state.records.values.filter { $0.standing.phase != .reserved && $0.interval.lowerBound < time }
      .map { UsageRecord($0, until: min(time, $0.interval.upperBound), on: state.ledger.base) }
    return (ended + present).compactMap { $0.cut(to: interval) }
  }

  /// What bears our marks on this machine and belongs to nothing that is wanted, in words.
  public func leftovers() throws -> [String] {
    let state = writer.state
    let time = now()
    let wanted = state.sorted.filter { $0.isPlanned(at: time) }.map { $0.admission(at: time) }
    let remote = remoteHosts(of: state)
    let plans = try planner.plans(for: state.substrate, admissions: wanted, generation: 0)
      .filter { $0.isSwitch || !remote.contains($0.device) }
    return try localAgent.leftovers(beside: plans)
  }

  /// Throws where a real host can have no agent, or no way to the others.
  func checkReachable(_ substrate: Substrate) throws {
    try substrate.checkRealHosts(
      here: settings.hasLocalAgent ? ThisMachine.name : nil, expectsAgents: settings.expectsAgents)
  }
}

extension UsageRecord {
  /// The part within an interval; nil where there is none.
  public func cut(to interval: Range<Timestamp>) -> UsageRecord? {
    let (from, until) = (max(start, interval.lowerBound), min(end, interval.upperBound))
    let whole = Double((end - start).components.seconds)
    guard from < until, whole > 0 else { return nil }
    let share = Double((until - from).components.seconds) / whole
    var part = self
    (part.start, part.end) = (from, until)
    part.coreSeconds *= share
    part.memorySeconds *= share
    part.promisedBits *= share
    part.cost *= share
    return part
  }
}
