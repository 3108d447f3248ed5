import Algorithms
import Embedding
import Infrastructure
import Quantities
import Testing

@testable import Controller
@testable import Planning

/// The ledger, brought up to date change by change, says what one made anew from everything says.
@Suite struct LedgerTests {
  @Test(arguments: 0..<8) func whatIsBroughtUpToDateIsWhatIsMadeAnew(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    let substrate = try Grid.substrate(perSite: 2, cpu: 64_000, vlans: "100-399")
    var state = CloudState(empty: substrate)
    state.applied = substrate
    for step in 0..<80 {
      var trial = state
      try change(&trial, step, &random)
      // What was refused leaves no trace.
      if random.next() % 8 == 0 { continue }
      if random.next() % 3 > 0 { trial.book() }
      state = trial
      try expectSound(state.booked, of: state)
    }
    #expect(state.records.count > 5 && !state.operations.isEmpty)
  }

  private func change(_ state: inout CloudState, _ step: Int, _ random: inout SplitMix64) throws {
    let names = state.records.keys.sorted()
    let some = names.isEmpty ? nil : names[Int(random.next() % UInt64(names.count))]
    let planner = Planner(realm: Realm(stateDirectory: "/test"))
    switch (random.next() % 12, some) {
    case (0...2, _), (_, nil): try admit("i\(step)", &state, random.next() % 2 == 0 ? .seconds(3600) : nil)
    case (3, let name?): state.end(name, because: "test", planner)
    case (4, let name?):
      // Ended and its number given away within one change.
      state.records[name] = nil
      try admit("i\(step)", &state, nil)
    case (5, let name?): state.records[name]?.standing.cause = "step \(step)"
    case (6, let name?): state.records[name]?.standing.ends = Int64(5000 + step)
    case (7, let name?): hold(name, Int(random.next() % 3), step, &state)
    case (8, let name?): state.dropOffers(for: name, of: nil)
    default: operate(some?.description ?? "substrate", step, &random, &state)
    }
  }

  private func admit(_ name: String, _ state: inout CloudState, _ lease: Duration?) throws {
    let admitting = Admitting(
      embedder: SearchEmbedder(), planner: Planner(realm: Realm(stateDirectory: "/test")), now: Timestamp(seconds: 0))
    let admitted = try admitting.admit(Grid.request(name, lease: lease), &state)
    state.records[admitted.admission.infrastructure.name] = InfrastructureRecord(
      admission: admitted.admission,
      standing: .init(
        phase: .building, caller: Caller(user: "ann"), created: 0, starts: 0,
        ends: lease.map { $0.components.seconds }, cause: nil))
  }

  private func hold(_ name: Name, _ count: Int, _ step: Int, _ state: inout CloudState) {
    guard let record = state.records[name] else { return }
    let offers = (0...count).map { number in
      CounterOffer(
        kind: .later, request: record.admission.infrastructure, embedding: record.admission.embedding,
        interval: Timestamp(seconds: Int64(10_000 + number))..<Timestamp(seconds: Int64(20_000 + step)),
        difference: "later", distance: 1)
    }
    let caller = Caller(user: "u\(step % 3)")
    _ = state.hold(offers, for: caller, until: Timestamp(seconds: Int64(600 + step)))
  }

  private func operate(_ target: String, _ step: Int, _ random: inout SplitMix64, _ state: inout CloudState) {
    let running = state.operations.keys.sorted()
    if let id = running.first, random.next() % 6 == 0 {
      state.operations[id] = nil
    } else if let id = running.last, random.next() % 4 == 0 {
      state.operations[id]?.state = .done
    } else {
      state.operations["op-\(step)"] = Operation(
        id: "op-\(step)", kind: "end", target: target, caller: Caller(user: "ann"), state: .running,
        created: Timestamp(seconds: 0), finished: nil, progress: .init(), version: 1, problem: nil, warnings: [],
        key: random.next() % 2 == 0 ? "k\(step % 7)" : nil, revision: 0, results: [])
    }
  }

  private func expectSound(_ ledger: Ledger, of state: CloudState) throws {
    var anew = Ledger(state.substrate)
    anew.rebuild(from: state)
    #expect(ledger.calendar.entries == anew.calendar.entries)
    #expect(ledger.lowestFreeNumber == anew.lowestFreeNumber)
    #expect(ledger.inFlight == anew.inFlight)
    #expect(sorted(ledger.underWay) == sorted(anew.underWay))
    // Of two that were called alike either is found, as long as it is there.
    for (key, id) in ledger.operationOfKey {
      let operation = try #require(state.operations[id])
      #expect(key == "ann \(try #require(operation.key))")
    }
  }

  private func sorted(_ underWay: BucketedDictionary<String, [String]>) -> [String: [String]] {
    Dictionary(uniqueKeysWithValues: underWay.map { ($0.key, $0.value.sorted()) })
  }
}
