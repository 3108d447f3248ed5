import Embedding
import FoundationEssentials
import Identity
import Infrastructure
import Planning
import Quantities
import Testing

@testable import Controller

/// Whose held offers are, and how many somebody may have.
@Suite struct HeldOfferTests {
  private let anna = Caller(user: "anna")
  private let bert = Caller(user: "bert")

  /// Two sites of one host each, of which all is taken for an hour.
  private func full() throws -> CloudState {
    let substrate = try Grid.substrate(perSite: 1, cpu: 1000, vlans: "100-199")
    var state = CloudState(empty: substrate)
    state.applied = substrate
    let first = try Grid.request("first", lease: .seconds(3600))
    let proposal = try admitting().propose(first, &state)
    state.records[first.name] = InfrastructureRecord(
      admission: proposal.admission,
      standing: .init(
        phase: .building, caller: Caller(user: "root"), created: 0, starts: 0, ends: 3600, cause: nil))
    return state
  }

  private func admitting(_ user: String? = nil, at seconds: Int64 = 0) -> Admitting {
    Admitting(
      embedder: SearchEmbedder(), planner: Planner(realm: Realm(stateDirectory: "/test")),
      now: Timestamp(seconds: seconds), user: user)
  }

  private func offers(_ name: String, _ state: CloudState) throws -> [CounterOffer] {
    var state = state
    let request = try Grid.request(name, lease: .seconds(600))
    return try #require(#expect(throws: Declined.self) { _ = try admitting().propose(request, &state) }).offers
  }

  /// Holds the offers that `caller` gets now for an infrastructure of that name.
  private func hold(
    _ name: String, for caller: Caller, at seconds: Int64, _ state: inout CloudState, within limits: [Limit] = []
  ) throws -> [HeldOffer] {
    // They are not looked for beside what is held: only whose they are matters here.
    let offers = try offers(name, full())
    #expect(!offers.isEmpty)
    return state.hold(offers, for: caller, until: Timestamp(seconds: seconds + 600), within: limits)
  }

  private func held(_ state: CloudState, by user: String) -> Set<String> {
    Set(state.offers.values.filter { $0.caller.user == user }.map(\.offer.request.name.description))
  }

  private func limit(_ holder: Limit.Holder, offers: Int) -> Limit {
    var quota = Quota()
    quota.offers = offers
    return Limit(holder, quota)
  }

  /// Who asks often gets the newest held, and never more than so many; others keep theirs.
  @Test func theOldestAreGivenUp() throws {
    var state = try full()
    _ = try hold("other", for: bert, at: 0, &state)
    for index in 1...6 { #expect(try !hold("v\(index)", for: anna, at: Int64(index), &state).isEmpty) }
    #expect(held(state, by: "anna") == ["v3", "v4", "v5", "v6"])
    #expect(held(state, by: "bert") == ["other"])
    // Asked for again, it is the newest.
    _ = try hold("v3", for: anna, at: 7, &state)
    _ = try hold("v7", for: anna, at: 8, &state)
    #expect(held(state, by: "anna") == ["v5", "v6", "v3", "v7"])
    // What is given up is free again.
    #expect(Set(state.booked.calendar.entries.map(\.key).compactMap(OfferGroup.init(key:))).count == 5)
  }

  @Test func quotasSayHowMany() throws {
    var state = try full()
    let two = [limit(.user("anna"), offers: 2)]
    for index in 1...3 { _ = try hold("v\(index)", for: anna, at: Int64(index), &state, within: two) }
    #expect(held(state, by: "anna") == ["v2", "v3"])
    #expect(try hold("v4", for: anna, at: 4, &state, within: [limit(.user("anna"), offers: 0)]).isEmpty)
    #expect(held(state, by: "anna") == ["v2", "v3"])
    #expect(try hold("x", for: bert, at: 5, &state, within: [limit(.user("bert"), offers: 9)]).isEmpty == false)
  }

  /// In a project one gives up one's own, never another member's.
  @Test func aProjectsAreSharedByItsMembers() throws {
    var state = try full()
    let wave = try Name(parsing: "wave")
    let (anna, bert) = (Caller(user: "anna", project: wave), Caller(user: "bert", project: wave))
    let limits = [limit(.project(wave), offers: 2)]
    _ = try hold("own", for: Caller(user: "anna"), at: 0, &state, within: limits)
    _ = try hold("a", for: anna, at: 1, &state, within: limits)
    _ = try hold("b", for: anna, at: 2, &state, within: limits)
    #expect(try hold("c", for: bert, at: 3, &state, within: limits).isEmpty)
    _ = try hold("d", for: anna, at: 4, &state, within: limits)
    #expect(held(state, by: "anna") == ["own", "b", "d"] && held(state, by: "bert").isEmpty)
  }

  /// What is held under a name for one is neither used nor dropped by another who asks under that name.
  @Test func oneNameOfTwoUsersIsHeldForEach() throws {
    var state = try full()
    let mine = try hold("lab", for: anna, at: 0, &state)
    let request = try Grid.request("lab", lease: .seconds(600))
    var other = state
    #expect(throws: Declined.self) { _ = try admitting("bert").propose(request, &other) }
    let later = try #require(mine.first { $0.offer.kind == .later })
    #expect(later.offer.interval.lowerBound == Timestamp(seconds: 3600))
    #expect(state.shortage(of: later.offer, for: "bert", at: Timestamp(seconds: 1)) != nil)
    #expect(state.shortage(of: later.offer, for: "anna", at: Timestamp(seconds: 1)) == nil)
    _ = state.hold([later.offer], for: bert, until: Timestamp(seconds: 700))
    #expect(held(state, by: "anna") == ["lab"] && held(state, by: "bert") == ["lab"])
    _ = try admitting("anna", at: 1).propose(request, &other, taking: later.offer)
    #expect(held(other, by: "anna").isEmpty)
  }

  /// To hold what its asker's quota would not let them take would only keep others out.
  @Test func whatNoQuotaLetsTakeIsNotWorthHolding() throws {
    let state = try full()
    let offer = try #require(try offers("lab", state).first)
    var quota = Quota()
    quota.nodes = 2
    #expect(state.isWithin([Limit(.user("anna"), quota)], offer, for: anna, at: .init(seconds: 0)))
    quota.nodes = 1
    #expect(!state.isWithin([Limit(.user("anna"), quota)], offer, for: anna, at: .init(seconds: 0)))
    quota = Quota()
    quota.startsAhead = .seconds(60)
    #expect(!state.isWithin([Limit(.user("anna"), quota)], offer, for: anna, at: .init(seconds: 0)))
  }

  @Test func namesInTheCalendarAreReadAgain() throws {
    for user in ["anna", "uid:7", "", "a/b"] {
      let group = OfferGroup(user: user, name: try Name(parsing: "lab"))
      #expect(OfferGroup(key: group.key) == group)
    }
    for key in ["infrastructure/lab", "offers/lab", "offers/anna/", ""] { #expect(OfferGroup(key: key) == nil) }
  }

  /// A document of before says not for whom: it is nobody's.
  @Test func olderDocumentsAreRead() throws {
    var state = try full()
    let held = try #require(try hold("lab", for: anna, at: 0, &state).first)
    let text = String(decoding: try JSONEncoder().encode(held), as: UTF8.self)
    #expect(try JSONDecoder().decode(HeldOffer.self, from: Data(text.utf8)) == held)
    let old = text.replacing(#""caller":{"user":"anna"}"#, with: #""unused":0"#)
    #expect(old != text)
    #expect(try JSONDecoder().decode(HeldOffer.self, from: Data(old.utf8)).caller == Caller(user: ""))
  }

  /// Who is refused keeps their offers when the controller is started again.
  @Test func offersOutliveTheController() async throws {
    let (folder, before) = try await refusal()
    let second = try await again(folder)
    defer { second.close() }
    #expect(!before.isEmpty && before.allSatisfy { $0.caller == anna })
    #expect(second.cloud.view.offers == before)
    _ = try await second.cloud.submit(.take(offer: try #require(before.first).number), by: anna)
    #expect(second.cloud.view.record(try Name(parsing: "more")) != nil)
  }

  /// A controller that held offers and ended: its folder, and what was held.
  private func refusal() async throws -> (folder: String, offers: [HeldOffer]) {
    let grid = try Grid(perSite: 1, cpu: 1000)
    defer { grid.cloud.stop() }
    _ = try await grid.cloud.submit(.applySubstrate(grid.substrate), by: Caller(user: "root"))
    _ = try await grid.cloud.submit(.build(Grid.request("lab", lease: .seconds(3600))), by: bert)
    let order = Order.build(try Grid.request("more", lease: .seconds(600)))
    await #expect(throws: Declined.self) { _ = try await grid.cloud.submit(order, by: anna) }
    let told = grid.cloud.events.events(after: 0, limit: 100).filter { $0.kind == "offer" }
    #expect(!told.isEmpty && told.allSatisfy { $0.owner == "anna" })
    return (grid.folder, grid.cloud.view.offers)
  }

  /// Its lock goes with the last who uses the controller, which may be a thread at its end.
  private func again(_ folder: String) async throws -> Grid {
    for _ in 0..<600 {
      do { return try Grid(perSite: 1, cpu: 1000, folder: folder) } catch let problem as Problem
        where problem.code == "busy"
      { try await Task.sleep(for: .milliseconds(50)) }
    }
    return try Grid(perSite: 1, cpu: 1000, folder: folder)
  }
}
