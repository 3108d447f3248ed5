import Agent
import Dispatch
import Embedding
import Infrastructure
import Planning
import Quantities
import Synchronization
import Testing

@testable import Controller

/// The engine with agents that the tests play.
@Suite struct CloudTests {
  private let user = Caller(user: "ann")

  private func name(_ text: String) throws -> Name { try Name(parsing: text) }

  private func with(
    perSite: Int = 2, cpu: UInt64 = 4000, vlans: String = "100-199", settings: Cloud.Settings = Cloud.Settings(),
    _ body: (Grid) async throws -> Void
  ) async throws {
    let grid = try Grid(perSite: perSite, cpu: cpu, vlans: vlans, settings: settings)
    defer { grid.close() }
    _ = try await grid.cloud.submit(.applySubstrate(grid.substrate), by: Caller(user: "root"))
    try await body(grid)
  }

  @Test func buildsAndEndsWhenEveryAgentHasSaidSo() async throws {
    try await with { grid in
      let work = grid.work()
      defer { work.cancel() }
      let operation = try await grid.cloud.submit(.build(Grid.request("lab")), by: user, key: "k1")
      #expect(operation.state == .running)
      #expect(await grid.wait(operation)?.state == .done)
      #expect(grid.cloud.view.record(try name("lab"))?.standing.phase == .running)
      #expect(!grid.cloud.view.vlans.isEmpty)
      // The same key is the same operation.
      let again = try await grid.cloud.submit(.build(Grid.request("lab")), by: user, key: "k1")
      #expect(again.id == operation.id)
      let end = try await grid.cloud.submit(.end(name("lab")), by: user)
      #expect(await grid.wait(end)?.state == .done)
      #expect(grid.cloud.view.record(try name("lab")) == nil)
      for _ in 0..<600 where !grid.cloud.view.vlans.isEmpty { try await Task.sleep(for: .milliseconds(50)) }
      #expect(grid.cloud.view.vlans.isEmpty)
      let told = grid.cloud.events.events(after: 0, limit: 100).filter { $0.object == "lab" }.map(\.what)
      #expect(told == ["requested", "building", "running", "ending", "gone"])
    }
  }

  /// Nothing is called running, and no VLAN free, before the last agent has said so.
  @Test func waitsForTheLastAgent() async throws {
    try await with(perSite: 1) { grid in
      let first = grid.work([grid.hosts[0]])
      let operation = try await grid.cloud.submit(.build(Grid.request("lab")), by: user)
      #expect(await grid.wait(operation, seconds: 1)?.state == .running)
      let view = grid.cloud.view
      let record = try #require(view.record(try name("lab")))
      #expect(view.cause(of: record) == "waiting for host \(grid.hosts[1])")
      let second = grid.work([grid.hosts[1]])
      #expect(await grid.wait(operation)?.state == .done)
      #expect(try grid.cloud.view.infrastructure(name("lab"))?.cause == nil)
      second.cancel()
      let end = try await grid.cloud.submit(.end(name("lab")), by: user)
      #expect(await grid.wait(end, seconds: 1)?.state == .running)
      #expect(grid.cloud.view.vlans.contains { $0.state == .quarantined })
      let third = grid.work([grid.hosts[1]])
      #expect(await grid.wait(end)?.state == .done)
      first.cancel()
      third.cancel()
    }
  }

  /// What is noted of an infrastructure while it waits for an agent does not keep it waiting.
  @Test func aNoteMeanwhileKeepsNobodyWaiting() async throws {
    try await with(perSite: 1) { grid in
      let first = grid.work([grid.hosts[0]])
      let second = grid.work([grid.hosts[1]])
      let before = try await grid.cloud.submit(.build(Grid.request("before")), by: user)
      #expect(await grid.wait(before)?.state == .done)
      second.cancel()
      let operation = try await grid.cloud.submit(.build(Grid.request("lab")), by: user)
      #expect(await grid.wait(operation, seconds: 1)?.state == .running)
      let lab = try name("lab")
      try grid.cloud.writer.change { state, _ in state.records[lab]?.standing.cause = "its owner was warned" }
      let third = grid.work([grid.hosts[1]])
      #expect(await grid.wait(operation)?.state == .done)
      first.cancel()
      third.cancel()
    }
  }

  @Test func aFailureIsNamedAndRetried() async throws {
    try await with { grid in
      let problem = Problem(.failed, "no-image", "There is no such image.", remedy: "Give another.")
      let flag = Flag()
      let tooBig = Cores(thousandths: 2000)
      let work = grid.work { plan in
        let slices = plan.slices.filter { flag.isSet || $0.machines.contains { $0.cpu == tooBig } }
        return Dictionary(slices.map { ($0.number, problem) }, uniquingKeysWith: { a, _ in a })
      }
      defer { work.cancel() }
      flag.isSet = true
      let operation = try await grid.cloud.submit(.build(Grid.request("lab")), by: user)
      let ended = await grid.wait(operation)
      #expect(ended?.state == .failed && ended?.problem == problem)
      #expect(grid.cloud.view.record(try name("lab"))?.standing.phase == .failed)
      #expect(grid.cloud.view.record(try name("lab"))?.standing.cause == problem.message)
      flag.isSet = false
      let retry = try await grid.cloud.submit(.retry(name("lab")), by: user)
      #expect(await grid.wait(retry)?.state == .done)
      // A change that cannot be built is taken back.
      let change = try await grid.cloud.submit(.build(Grid.request("lab", cpu: 2000)), by: user)
      #expect(await grid.wait(change)?.state == .failed)
      for _ in 0..<600 where grid.cloud.view.record(try name("lab"))?.standing.phase != .running {
        try await Task.sleep(for: .milliseconds(50))
      }
      let record = try #require(grid.cloud.view.record(try name("lab")))
      #expect(record.standing.phase == .running)
      #expect(record.admission.infrastructure.nodes[0].cpu == Cores(thousandths: 1000))
    }
  }

  /// Many at once: nothing is promised twice, every order is answered, and what fits is let in.
  @Test func manyAtOnceOverbookNothing() async throws {
    try await with(perSite: 2, cpu: 16000, vlans: "100-131") { grid in
      let work = grid.work()
      defer { work.cancel() }
      let outcomes = await withTaskGroup(of: Bool.self) { group in
        for index in 0..<240 {
          group.addTask {
            let caller = Caller(user: "u\(index % 40)")
            do {
              let request = try Grid.request("v\(index)", cpu: 500, rate: 1_000_000)
              _ = try await grid.cloud.submit(.build(request), by: caller)
              return true
            } catch { return false }
          }
        }
        return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
      }
      // 32 VLANs at each site are what is short.
      #expect(outcomes == 32)
      let reservations = grid.cloud.view.records.map {
        (embedding: $0.admission.embedding, request: $0.admission.infrastructure, interval: $0.interval)
      }
      #expect(EmbeddingCheck.violations(in: reservations, on: grid.substrate).isEmpty)
      #expect(Set(grid.cloud.view.records.map(\.admission.number)).count == 32)
      let held = grid.cloud.view.vlans.map { "\($0.site) \($0.vlan.rawValue)" }
      #expect(Set(held).count == held.count && held.count == 64)
    }
  }

  /// Nobody is refused for what is not durable yet.
  @Test func aRefusalWaitsForWhatItIsFor() async throws {
    try await with { grid in
      let work = grid.work()
      defer { work.cancel() }
      let built = try await grid.cloud.submit(.build(Grid.request("lab")), by: user)
      #expect(await grid.wait(built)?.state == .done)
      let (lab, writer) = (try name("lab"), grid.cloud.writer)
      let gate = DispatchSemaphore(value: 0)
      writer.submit(
        { _, _ in
          gate.wait()
          return {}
        }, refuse: { _ in })
      writer.submit(
        { state, _ in
          state.records[lab]?.standing.cause = "taken"
          return {}
        }, refuse: { _ in })
      let seen: String? = await withCheckedContinuation { continuation in
        writer.submit(
          { state, _ in
            throw Problem(.refused, "test", state.records[lab]?.standing.cause ?? "", remedy: "None.")
          }, refuse: { _ in continuation.resume(returning: writer.state.records[lab]?.standing.cause) })
        gate.signal()
      }
      #expect(seen == "taken")
    }
  }

  /// Two conditional orders that become durable in one transaction: the second sees what the first has changed.
  @Test func aConditionCountsWithinATransaction() async throws {
    try await with { grid in
      let work = grid.work()
      defer { work.cancel() }
      let built = try await grid.cloud.submit(.build(Grid.request("lab", lease: .seconds(3600))), by: user)
      #expect(await grid.wait(built)?.state == .done)
      let revision = try #require(grid.cloud.view.record(try name("lab"))?.standing.revision)
      let lab = try name("lab")
      // Keeps the writer busy until all wait for it.
      let gate = DispatchSemaphore(value: 0)
      grid.cloud.writer.submit(
        { _, _ in
          gate.wait()
          return {}
        }, refuse: { _ in })
      let succeeded = await withTaskGroup(of: Bool.self) { group in
        for minutes in 1...4 {
          group.addTask {
            let order = Order.moveEnd(lab, .later(.seconds(60 * minutes)))
            return (try? await grid.cloud.submit(order, by: Caller(user: "ann"), expecting: revision)) != nil
          }
        }
        try? await Task.sleep(for: .milliseconds(300))
        gate.signal()
        return await group.reduce(into: 0) { count, isDone in count += isDone ? 1 : 0 }
      }
      #expect(succeeded == 1)
    }
  }

  /// What was decided is there after the engine is gone without a word.
  @Test func goesOnFromTheStore() async throws {
    try await with { grid in
      let work = grid.work()
      let operation = try await grid.cloud.submit(.build(Grid.request("lab")), by: user, key: "k")
      _ = await grid.wait(operation)
      work.cancel()
      let before = grid.cloud.view
      let unfinished = try await grid.cloud.submit(.build(Grid.request("late")), by: user, key: "late")
      let state = try SQLiteState.read(grid.folder)
      #expect(state.records[try name("lab")] == before.record(try name("lab")))
      #expect(state.pool.rows == grid.cloud.view.vlans)
      #expect(state.operations[unfinished.id]?.state == .running)
      #expect(state.freeNumber == 3)
    }
  }

  /// A host that falls silent is lost; what may be restarted elsewhere is, once.
  @Test func restartsElsewhere() async throws {
    var settings = Cloud.Settings()
    (settings.lostAfter, settings.fenceAfter) = (3, 3.1)
    try await with(perSite: 2, settings: settings) { grid in
      let doomed = try name("brno-1")
      let work = grid.work(grid.hosts.filter { $0 != doomed })
      let last = grid.work([doomed])
      defer { work.cancel() }
      _ = try await grid.cloud.submit(.cordon(name("brno-2")), by: Caller(user: "root"))
      let mode = Order.BuildMode(restartsElsewhere: true)
      let operation = try await grid.cloud.submit(.build(Grid.request("lab"), mode: mode), by: user)
      #expect(await grid.wait(operation)?.state == .done)
      _ = try await grid.cloud.submit(.uncordon(name("brno-2")), by: Caller(user: "root"))
      #expect(grid.cloud.view.record(try name("lab"))?.admission.embedding.placement[try name("m1")] == doomed)
      last.cancel()
      for _ in 0..<1200 {
        let record = grid.cloud.view.record(try name("lab"))
        if record?.admission.embedding.placement[try name("m1")] != doomed { break }
        try await Task.sleep(for: .milliseconds(50))
      }
      #expect(grid.cloud.view.standing(of: doomed).state == .lost)
      #expect(
        grid.cloud.view.record(try name("lab"))?.admission.embedding.placement[try name("m1")] == (try name("brno-2")))
    }
  }

  @Test func aSecondAgentOfTheSameNameIsRefused() async throws {
    try await with { grid in
      _ = try await grid.plans(grid.hosts[0], after: 0, seconds: 0)
      let problem = await withCheckedContinuation { continuation in
        grid.cloud.plans(for: grid.hosts[0], after: 0, seconds: 0, agent: grid.identity(grid.hosts[0], "2")) {
          continuation.resume(returning: $0)
        }
      }
      #expect(throws: Problem.self) { _ = try problem.get() }
      do { _ = try problem.get() } catch let problem as Problem { #expect(problem.code == "agent-name-taken") }
    }
  }
}

/// A switch that several threads look at.
private final class Flag: Sendable {
  private let value = Mutex(false)
  var isSet: Bool {
    get { value.withLock { $0 } }
    set { value.withLock { $0 = newValue } }
  }
}
