import Embedding
import Infrastructure
import Planning
import Quantities
import Reservations
import Store
import Testing

@testable import Agent
@testable import Controller

/// Admission and life cycle on values: no kernel, no files.
@Suite struct CloudStateTests {
  private let embedder = SearchEmbedder()
  private let planner = Planner(realm: Realm(stateDirectory: "/test"))

  private func substrate(vlans: String = "100-101", cpu: UInt64 = 4000) throws -> Substrate {
    let sites = try ["brno", "prague"].map { Site(name: try Name(parsing: $0), vlans: try VLANSet(parsing: vlans)) }
    let hosts = sites.map { site in
      Host(
        name: Name("\(site.name)-1") ?? site.name, site: site.name, kind: .emulated, cpu: Cores(thousandths: cpu),
        memory: ByteCount(bytes: 4 << 30))
    }
    return Substrate(
      name: try Name(parsing: "grid"), sites: sites, hosts: hosts,
      links: [CoreLink(ends: Pair(sites[0].name, sites[1].name))])
  }

  /// Two machines, one at each site, on a segment.
  private func request(
    _ name: String, cpu: UInt64 = 1000, lease: Duration? = nil, start: Int64? = nil
  ) throws -> VirtualInfrastructure {
    let nodes = try [("a", "brno"), ("b", "prague")].map { node, site in
      Node(
        name: try Name(parsing: node), cpu: Cores(thousandths: cpu), memory: ByteCount(bytes: 1 << 27),
        site: try Name(parsing: site))
    }
    let endpoints = nodes.map { Endpoint(node: $0.name, interface: "eth0") }
    return VirtualInfrastructure(
      name: try Name(parsing: name), lease: Lease(start: start.map(Timestamp.init(seconds:)), duration: lease),
      nodes: nodes,
      networks: [Network(name: try Name(parsing: "lan"), kind: .segment, endpoints: endpoints)])
  }

  /// Lets it in at the moment `now`, and notes it as `up` does.
  private func admit(_ request: VirtualInfrastructure, _ state: inout CloudState, now: Int64 = 0) throws -> Proposal {
    do {
      let proposal = try propose(request, &state, now: now)
      state.records[request.name] = InfrastructureRecord(
        admission: proposal.admission,
        standing: .init(
          phase: proposal.interval.lowerBound.seconds > now ? .reserved : .building, caller: Caller(user: "root"),
          created: now,
          starts: proposal.interval.lowerBound.seconds,
          ends: proposal.interval.upperBound == .distantFuture ? nil : proposal.interval.upperBound.seconds, cause: nil)
      )
      return proposal
    } catch let declined as Declined { throw declined.problem }
  }

  private func propose(_ request: VirtualInfrastructure, _ state: inout CloudState, now: Int64 = 0) throws -> Proposal {
    try Admitting(embedder: embedder, planner: planner, now: Timestamp(seconds: now)).propose(request, &state)
  }

  private func grid(_ substrate: Substrate) -> CloudState {
    var state = CloudState(empty: substrate)
    state.applied = substrate
    return state
  }

  @Test func theSameRequestIsUnchanged() throws {
    var state = grid(try substrate())
    #expect(try admit(request("lab"), &state).change == .new)
    let before = state
    #expect(try propose(request("lab"), &state).change == .unchanged)
    #expect(state == before)
  }

  @Test func twoOwnersNeverShareAVLAN() throws {
    var state = grid(try substrate())
    let first = try admit(request("one"), &state).admission
    let second = try admit(request("two"), &state).admission
    for (network, sites) in first.vlans {
      for (site, vlan) in sites { #expect(second.vlans[network]?[site] != vlan) }
    }
    let problem = #expect(throws: Problem.self) { _ = try admit(request("three"), &state) }
    #expect(problem?.kind == .refused)
    #expect(problem?.code == "vlans-exhausted")
  }

  /// A VLAN that was released is not given away before the devices have confirmed.
  @Test func releasedVLANsWaitForTheApply() throws {
    var state = grid(try substrate(vlans: "100"))
    _ = try admit(request("one"), &state)
    state.end(try Name(parsing: "one"), because: "test", planner)
    #expect(state.pool.rows.allSatisfy { $0.state == .quarantined })
    #expect(throws: Problem.self) { _ = try admit(request("two"), &state) }
    for device in Set(state.pool.rows.flatMap(\.awaiting)) { state.pool.confirmAll(device) }
    #expect(state.pool.rows.isEmpty)
    _ = try admit(request("two"), &state)
  }

  @Test func roomIsCountedOverAllInfrastructures() throws {
    var state = grid(try substrate(cpu: 1500))
    _ = try admit(request("one"), &state)
    let problem = #expect(throws: Problem.self) { _ = try admit(request("two"), &state) }
    #expect(problem?.message.contains("brno") == true || problem?.message.contains("node a") == true)
  }

  @Test func aLeaseEndsAtItsSecond() throws {
    var state = grid(try substrate())
    var record = InfrastructureRecord(
      admission: try admit(request("lab"), &state).admission,
      standing: .init(phase: .running, caller: Caller(user: "root"), created: 0, ends: 100, cause: nil))
    #expect(record.isWanted(at: Timestamp(seconds: 99)))
    #expect(!record.isWanted(at: Timestamp(seconds: 100)))
    record.standing.phase = .ending
    #expect(!record.isWanted(at: Timestamp(seconds: 1)))
  }

  @Test func whatIsReservedForLaterLeavesTheTimeBefore() throws {
    var state = grid(try substrate(cpu: 1500))
    let later = try admit(request("later", lease: .seconds(100), start: 1000), &state)
    let name = try Name(parsing: "later")
    #expect(later.admission.vlans.isEmpty && state.records[name]?.standing.phase == .reserved)
    _ = try admit(request("before", lease: .seconds(1000)), &state)
    let declined = #expect(throws: Declined.self) {
      _ = try propose(request("across", lease: .seconds(50), start: 980), &state)
    }
    #expect(declined?.problem.code == "no-cpu")
    let offers = try #require(declined?.offers)
    #expect(offers.map(\.kind).contains(.later))
    // The grid is full: elsewhere, too, would only be later, at the same places.
    #expect(!offers.map(\.kind).contains(.elsewhere))
    #expect(offers.first { $0.kind == .later }?.interval.lowerBound == Timestamp(seconds: 1100))
    // It begins at its second, with VLANs.
    let now = Timestamp(seconds: 1000)
    #expect(state.records.values.filter { $0.isDue(at: now) }.map(\.name.description) == ["later"])
    state.begin(try Name(parsing: "later"))
    #expect(state.records[try Name(parsing: "later")]?.admission.vlans.isEmpty == false)
  }

  @Test func anOfferIsHeldUntilItLapses() throws {
    var state = grid(try substrate(cpu: 1500))
    _ = try admit(request("first", lease: .seconds(3600)), &state)
    let declined = try #require(
      #expect(throws: Declined.self) { _ = try propose(request("second", lease: .seconds(600)), &state) })
    let held = state.hold(declined.offers, for: Caller(user: "root"), until: Timestamp(seconds: 60))
    let later = try #require(held.first { $0.offer.kind == .later })
    #expect(later.offer.interval == Timestamp(seconds: 3600)..<Timestamp(seconds: 4200))
    // Nobody else gets the room while it is held, whoever it is held for gets it, and it is free again afterwards.
    let rival = try request("rival", lease: .seconds(600), start: 3600)
    #expect(throws: Problem.self) { _ = try admit(rival, &state) }
    var other = state
    let taken = try Admitting(embedder: embedder, planner: planner, now: Timestamp(seconds: 30))
      .propose(later.offer.request, &other, taking: later.offer)
    #expect(taken.interval == later.offer.interval && taken.admission.embedding == later.offer.embedding)
    state.lapse(Timestamp(seconds: 60))
    #expect(state.offers.isEmpty)
    _ = try admit(rival, &state, now: 60)
  }

  @Test func lessIsOfferedWhereLessWouldDo() throws {
    var state = grid(try substrate(cpu: 3000))
    _ = try admit(request("first", cpu: 1000), &state)
    var elastic = try request("elastic", cpu: 4000)
    for index in elastic.nodes.indices { elastic.nodes[index].least = .init(cpu: Cores(thousandths: 1000)) }
    let declined = try #require(#expect(throws: Declined.self) { _ = try propose(elastic, &state) })
    let offer = try #require(declined.offers.first { $0.kind == .smaller })
    // 2000 is free; a third of the way from 1000 to 4000, to a thousandth.
    #expect(offer.request.nodes.allSatisfy { (1990...2000).contains($0.cpu.thousandths) })
  }

  /// Something that came between, or a substrate that shrank, is not overbooked by an offer.
  @Test func anOfferThatWasOvertakenIsRefused() throws {
    var state = grid(try substrate(cpu: 1500))
    _ = try admit(request("first", lease: .seconds(3600)), &state)
    let declined = try #require(
      #expect(throws: Declined.self) { _ = try propose(request("second", lease: .seconds(600)), &state) })
    let later = try #require(declined.offers.first { $0.kind == .later })
    let now = Timestamp(seconds: 30)
    #expect(state.shortage(of: later, at: now) == nil)
    _ = try admit(request("rival", lease: .seconds(600), start: 3600), &state)
    #expect(state.shortage(of: later, at: now)?.missing == 500)
    let admitting = Admitting(embedder: embedder, planner: planner, now: now)
    let problem = #expect(throws: Problem.self) {
      _ = try admitting.propose(later.request, &state, taking: later)
    }
    #expect(problem?.code == "offer-overtaken" && problem?.kind == .refused)
  }

  /// What came up by another way since is not torn down by an old offer for it, and its offers are given back.
  @Test func anOfferDoesNotReplaceWhatRuns() throws {
    var state = grid(try substrate(cpu: 1500))
    _ = try admit(request("first", lease: .seconds(3600)), &state)
    let declined = try #require(
      #expect(throws: Declined.self) { _ = try propose(request("second", lease: .seconds(600)), &state) })
    _ = state.hold(declined.offers, for: Caller(user: "root"), until: Timestamp(seconds: 60))
    _ = try admit(request("second", cpu: 500, lease: .seconds(600)), &state)
    #expect(state.offers.isEmpty)
    let later = try #require(declined.offers.first { $0.kind == .later })
    let problem = #expect(throws: Problem.self) {
      _ = try Admitting(embedder: embedder, planner: planner, now: Timestamp(seconds: 30))
        .propose(later.request, &state, taking: later)
    }
    #expect(problem?.code == "already-running")
  }

  @Test func aTimelineIsReservedPhaseByPhase() throws {
    var state = grid(try substrate(cpu: 3000))
    var growing = try request("growing", lease: .seconds(200))
    growing.timeline = [
      TimelineEvent(after: .seconds(100), nodes: [growing.nodes[0].name: .init(cpu: Cores(thousandths: 3000))])
    ]
    _ = try admit(growing, &state)
    _ = try admit(request("early", cpu: 2000, lease: .seconds(100)), &state)
    #expect(throws: Problem.self) { _ = try admit(request("too-long", cpu: 1000, lease: .seconds(101)), &state) }
    let record = try #require(state.records[growing.name])
    #expect(record.admission(at: Timestamp(seconds: 99)).infrastructure.nodes[0].cpu.thousandths == 1000)
    #expect(record.admission(at: Timestamp(seconds: 100)).infrastructure.nodes[0].cpu.thousandths == 3000)
    #expect(record.nextEvent(after: Timestamp(seconds: 1)) == Timestamp(seconds: 100))
  }

  /// A lease that was cut short before an event of its timeline, and is extended again, has the event again.
  @Test func anExtensionBooksWhatTheTimelineAsksFor() throws {
    var state = grid(try substrate(cpu: 3000))
    var growing = try request("growing", lease: .seconds(200))
    growing.timeline = [
      TimelineEvent(after: .seconds(100), nodes: [growing.nodes[0].name: .init(cpu: Cores(thousandths: 3000))])
    ]
    _ = try admit(growing, &state)
    var record = try #require(state.records[growing.name])
    let now = Timestamp(seconds: 1)
    try state.moveEnd(of: &record, to: Timestamp(seconds: 90), at: now)
    #expect(state.records[growing.name]?.interval.upperBound == Timestamp(seconds: 90))
    let before = state
    try state.moveEnd(of: &record, to: Timestamp(seconds: 150), at: now)
    #expect(state.records[growing.name]?.interval.upperBound == Timestamp(seconds: 150))
    state = before
    record = try #require(state.records[growing.name])
    _ = try admit(request("other", cpu: 1000, lease: .seconds(200)), &state)
    let kept = state
    let shortage = #expect(throws: Shortage.self) {
      try state.moveEnd(of: &record, to: Timestamp(seconds: 150), at: now)
    }
    #expect(shortage?.missing == 1000 && shortage?.interval.lowerBound == Timestamp(seconds: 100))
    #expect(state == kept)
    try state.moveEnd(of: &record, to: Timestamp(seconds: 100), at: now)
  }

  /// What a change asks for late in a lease that has run for a while is looked for, too.
  @Test func aChangeLooksForWhatItsTimelineAsksFor() throws {
    var state = grid(try substrate(cpu: 3000))
    let lab = try request("lab", lease: .seconds(200))
    _ = try admit(lab, &state)
    state.records[lab.name]?.standing.phase = .running
    _ = try admit(request("other", lease: .seconds(200)), &state)
    var changed = lab
    changed.timeline = [
      TimelineEvent(after: .seconds(180), nodes: [lab.nodes[0].name: .init(cpu: Cores(thousandths: 3000))])
    ]
    let declined = #expect(throws: Declined.self) { _ = try propose(changed, &state, now: 100) }
    #expect(declined?.problem.kind == .refused)
    changed.timeline[0].nodes = [lab.nodes[0].name: .init(cpu: Cores(thousandths: 2000))]
    #expect(try propose(changed, &state, now: 100).change == .changed)
  }

  @Test func theClockMayJump() throws {
    var state = grid(try substrate(cpu: 1500))
    _ = try admit(request("lab", lease: .seconds(100), start: 1000), &state, now: 500)
    // Back to before it was made: still reserved, and the room is still taken.
    #expect(throws: Problem.self) { _ = try admit(request("other", lease: .seconds(50), start: 1000), &state, now: 10) }
    // Past its end in one leap: it is over, and never begins.
    let record = try #require(state.records.values.first)
    #expect(!record.isDue(at: Timestamp(seconds: 5000)) && record.isOver(at: Timestamp(seconds: 5000)))
    _ = try admit(request("other", lease: .seconds(50)), &state, now: 5000)
  }

  @Test func timesThatMakeNoSense() throws {
    var state = grid(try substrate())
    let past = #expect(throws: Problem.self) { _ = try admit(request("lab", start: 5), &state, now: 10) }
    #expect(past?.code == "start-in-past")
    let latest = Timestamp.latest.seconds
    #expect(Timestamp.latest.description == "9999-12-31T23:59:59Z")
    let late = #expect(throws: Problem.self) {
      _ = try propose(request("lab", lease: .seconds(11), start: latest - 10), &state)
    }
    #expect(late?.code == "end-too-late")
    _ = try admit(request("last", lease: .seconds(10), start: latest - 10), &state)
    // What could only be offered later than that is not offered later.
    let declined = #expect(throws: Declined.self) {
      _ = try propose(request("other", cpu: 4000, lease: .seconds(10), start: latest - 15), &state)
    }
    #expect(declined?.offers.contains { $0.kind == .later } == false)
  }

  @Test func stateSurvivesTheStore() throws {
    let folder = "/tmp/virtcloud-controller-tests-\(UInt64.random(in: 0...(.max)))"
    defer { removeFolder(folder) }
    let store = try SQLiteStore(path: folder + "/state.db")
    var state = grid(try substrate())
    _ = try admit(request("lab", lease: .seconds(3600)), &state)
    state.generation = 7
    let big = try #require(#expect(throws: Declined.self) { _ = try propose(request("big", cpu: 4000), &state) })
    _ = state.hold(
      big.offers, for: Caller(user: "root", project: try Name(parsing: "wave")), until: Timestamp(seconds: 60))
    #expect(!state.offers.isEmpty)
    let empty = CloudState(empty: try substrate())
    try store.transaction { try state.write(to: $0, since: empty) }
    #expect(try store.read { try CloudState(from: $0, defaultSubstrate: try substrate()) } == state)
  }

  /// A damaged document is told, and does not end the process that reads it.
  @Test func durationsThatMakeNoSenseAreTold() throws {
    let folder = "/tmp/virtcloud-controller-tests-\(UInt64.random(in: 0...(.max)))"
    defer { removeFolder(folder) }
    let store = try SQLiteStore(path: folder + "/state.db")
    var state = grid(try substrate())
    let lab = try request("lab", lease: .seconds(3600))
    _ = try admit(lab, &state)
    state.records[lab.name]?.admission.infrastructure.lease.duration = .seconds(Int64.max) * 4
    let empty = CloudState(empty: try substrate())
    try store.transaction { try state.write(to: $0, since: empty) }
    let problem = #expect(throws: Problem.self) {
      _ = try store.read { try CloudState(from: $0, defaultSubstrate: try substrate()) }
    }
    #expect(problem?.code == "state-unreadable" && problem?.message.contains("admissions/lab") == true)
    #expect(problem?.message.contains("10,000 years") == true)
  }
}
