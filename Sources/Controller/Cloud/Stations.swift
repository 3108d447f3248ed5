import Agent
import Infrastructure
import Planning
import Quantities
import Reservations

/// Everything that one agent works: its plans, how far it is, and who waits for either.
///
/// The controller's own agent works all emulated devices and the controller's machine; a host with an agent of its own
/// is a station by itself.
struct Station: Sendable {
  /// Plans as they were last handed out.
  var plans: [HostPlan] = []
  /// Generation of `plans`; 0 is never.
  var given: UInt64 = 0
  /// Generation that the agent has applied last.
  var applied: UInt64 = 0
  /// VLANs' owners whose removal the agent confirms when it has applied `given`.
  var confirmable: [NetworkOwner] = []
  /// Process ids of machines' inits by infrastructure and machine key.
  var running: [UInt32: [String: Int32]] = [:]
  /// What failed of single infrastructures, and what single routers did not take, by number.
  var failures: [UInt32: Problem] = [:]
  var warnings: [UInt32: [Problem]] = [:]
  /// Why the last apply failed as a whole.
  var problem: Problem?
  var identity: AgentIdentity?
  /// When the agent was last heard of; nil is never since this controller leads.
  var heard: ContinuousClock.Instant?
  /// Agents that wait for plans newer than a generation.
  var waiting: [Waiting] = []

  struct Waiting: Sendable {
    var number: Int
    var after: UInt64
    var answer: @Sendable () -> Void
  }
}

/// All stations, and which infrastructures wait for which of them. A value.
struct Stations: Sendable {
  /// By name; nil is the controller's own.
  var all: [Name?: Station] = [:]
  /// Of each infrastructure: the generation that each station has to apply until what was decided of it is there.
  private(set) var awaited: [UInt32: [Name?: UInt64]] = [:]

  /// Names of stations that have not yet applied what the infrastructure needs.
  func missing(_ number: UInt32) -> [Name?] {
    (awaited[number] ?? [:]).filter { (all[$0.key]?.applied ?? 0) < $0.value }.map(\.key)
  }

  mutating func forget(_ number: UInt32) { awaited[number] = nil }

  /// Which stations would change if these plans were handed out.
  ///
  /// - Parameter poked: Infrastructures whose stations apply their plans again though they have not changed.
  func changed(by plans: [Name?: [HostPlan]], poked: Set<UInt32>) -> Set<Name?> {
    var changed: Set<Name?> = []
    for name in Set(plans.keys).union(all.keys).union([nil]) {
      let (old, new) = (all[name], plans[name] ?? [])
      if old == nil || old?.given == 0 || !Self.isSame(old?.plans ?? [], new) {
        if old != nil || !new.isEmpty || name == nil { changed.insert(name) }
      } else if new.contains(where: { $0.slices.contains { poked.contains($0.number) } })
        || (name == nil && !poked.isEmpty)
      {
        changed.insert(name)
      }
    }
    return changed
  }

  /// The generation aside.
  private static func isSame(_ a: [HostPlan], _ b: [HostPlan]) -> Bool {
    guard a.count == b.count else { return false }
    return zip(a, b).allSatisfy { old, new in
      var new = new
      new.generation = old.generation
      return old == new
    }
  }

  /// Hands out plans.
  ///
  /// - Parameters:
  ///   - inFlight: Infrastructures that are being built or ended: they wait also for the controller's own station, whose
  ///     switches carry them.
  mutating func give(
    _ plans: [Name?: [HostPlan]], to changed: Set<Name?>, generation: UInt64, inFlight: Set<UInt32>,
    confirmable: [NetworkOwner]
  ) {
    for name in changed {
      var station = all[name] ?? Station()
      var touched = Set(station.plans.flatMap { $0.slices.map(\.number) })
      station.plans = (plans[name] ?? []).map {
        var plan = $0
        plan.generation = generation
        return plan
      }
      touched.formUnion(station.plans.flatMap { $0.slices.map(\.number) })
      if name == nil { touched.formUnion(inFlight) }
      for number in touched where inFlight.contains(number) { awaited[number, default: [:]][name] = generation }
      station.given = generation
      station.confirmable = confirmable
      all[name] = station
    }
  }

  /// Wakes those that wait for something newer than they have; returned, to be called without a lock held.
  mutating func wake(_ name: Name?) -> [@Sendable () -> Void] {
    guard var station = all[name] else { return [] }
    let ready = station.waiting.filter { $0.after < station.given }
    station.waiting.removeAll { $0.after < station.given }
    all[name] = station
    return ready.map(\.answer)
  }
}
