import Agent
import Embedding
import Infrastructure
import Planning
import Quantities
import Reservations

/// One consistent moment of a cloud, to be looked at. A value: it does not change under the reader.
public struct CloudView: Sendable {
  let state: CloudState
  private let stations: Stations
  /// When it was taken.
  public let time: Timestamp

  init(_ state: CloudState, _ stations: Stations, now: Timestamp) {
    (self.state, self.stations, time) = (state, stations, now)
  }

  /// Grows with every change of anything that is kept.
  public var revision: Int64 { state.revision }
  /// Of the last plans.
  public var generation: UInt64 { state.generation }
  public var substrate: Substrate { state.substrate }
  /// Nobody applied a substrate.
  public var isDefaultSubstrate: Bool { state.applied == nil }

  /// All records, by creation: cheap, without what runs of them.
  public var records: [InfrastructureRecord] { state.sorted }

  /// A record; nil where there is none of that name.
  public func record(_ name: Name) -> InfrastructureRecord? { state.records[name] }

  /// How many nodes of an infrastructure run.
  public func runningCount(of record: InfrastructureRecord) -> Int {
    let keys = Set(record.admission.infrastructure.nodes.map { record.admission.machineKey(of: $0) })
    return stations.all.values.reduce(0) { sum, station in
      sum + (station.running[record.admission.number] ?? [:]).keys.count { keys.contains($0) }
    }
  }

  /// Why it is in its phase, where there is something to say: what was decided, or else which hosts that have never been
  /// heard of it waits for.
  public func cause(of record: InfrastructureRecord) -> String? {
    if let cause = record.standing.cause { return cause }
    guard record.standing.phase == .building else { return nil }
    let silent = stations.missing(record.admission.number).compactMap(\.self)
      .filter { stations.all[$0]?.heard == nil }.sorted()
    return silent.isEmpty ? nil : "waiting for host \(silent.map(\.description).joined(separator: ", "))"
  }

  /// Everything that is told of an infrastructure; nil where there is none.
  public func infrastructure(_ name: Name) throws -> InfrastructureView? {
    guard let record = state.records[name] else { return nil }
    let number = record.admission.number
    var running: [Name: Int32] = [:]
    for node in record.admission.infrastructure.nodes {
      let key = record.admission.machineKey(of: node)
      for station in stations.all.values { if let pid = station.running[number]?[key] { running[node.name] = pid } }
    }
    return InfrastructureView(
      record: record, rows: try NodeRow.rows(of: record.admission, on: state.substrate), running: running,
      remaining: record.standing.ends.map { max(0, $0 - time.seconds) }, cause: cause(of: record))
  }

  /// What an infrastructure's networks get now, beside all others.
  public func networks(of name: Name) -> [NetworkRow] {
    guard let record = state.records[name] else { return [] }
    let begin = max(record.interval.lowerBound, time)
    let others = state.sorted.filter {
      $0.name != name && $0.standing.phase != .ending && $0.interval.contains(begin)
    }.map { $0.admission(at: begin) }
    return NetworkRow.rows(of: record.admission(at: begin), beside: others, on: state.ledger.base)
  }

  /// Counter-offers that are held, by number.
  public var offers: [HeldOffer] {
    state.offers.values.filter { time < $0.expires }.sorted { $0.number < $1.number }
  }

  /// The substrate with what is held of it now.
  public var use: SubstrateView {
    state.ledger.base.over(time..<time + .seconds(1), in: state.calendar(at: time))
  }

  /// Everything that is booked, by resource, then by time.
  public func bookings(where isWanted: (Resource, Substrate) -> Bool) -> [CalendarRow] {
    state.bookings(at: time, where: isWanted)
  }

  /// Who holds which VLAN at which site.
  public var vlans: [VLANRow] { state.pool.rows }

  /// How each host is; those of the controller's own agent are ready unless an operator said otherwise.
  public func standing(of host: Name) -> HostStanding {
    if let kept = state.hosts[host] { return kept }
    return HostStanding(state: isRemote(host) && state.agents[host] == nil ? .absent : .ready)
  }

  /// True where the host has an agent of its own.
  public func isRemote(_ host: Name) -> Bool { state.agents[host] != nil || stations.all[host] != nil }

  /// How a host's agent is doing; nil where it has none of its own.
  public func agent(of host: Name) -> AgentStanding? {
    guard let identity = stations.all[host]?.identity ?? state.agents[host] else { return nil }
    let silence = stations.all[host]?.heard.map { ContinuousClock.now - $0 }
    return AgentStanding(
      identity: identity, silence: silence, given: stations.all[host]?.given ?? 0,
      applied: stations.all[host]?.applied ?? 0)
  }

  /// How every device should look: what was handed out last.
  public var plans: [HostPlan] { stations.all.values.flatMap(\.plans) }
}

/// How an agent is doing.
public struct AgentStanding: Hashable, Sendable {
  public var identity: AgentIdentity
  /// Since it was heard of; nil is never since this controller leads.
  public var silence: Duration?
  /// Generation that it was last given, and that it has applied.
  public var given, applied: UInt64
}
