import API
import FoundationEssentials
import Planning
import Quantities
import WebServer

@testable import Service

/// A host's agent as the test plays it: it says that whatever it is given runs.
struct PlayedAgent {
  let fixture: Fixture
  let host: Name
  let peer: Peer
  private(set) var plans: [HostPlan] = []
  private static let json = ["Content-Type": "application/json"]

  init(_ fixture: Fixture, _ host: Name) throws {
    (self.fixture, self.host) = (fixture, host)
    peer = try fixture.agent(host)
  }

  /// Takes plans that are newer than nothing, and says that they are brought about.
  mutating func work() async throws {
    let given = try await fixture.ask("GET", "/v1/agents/\(host)/plans?after=0&wait=5", peer: peer)
      .document(PlansDocument.self)
    plans = given.plans ?? []
    let running = Dictionary(
      plans.flatMap(\.slices).map { slice in
        ("\(slice.number)", Dictionary(slice.machines.map { ($0.key, Int32(2)) }) { $1 })
      }
    ) { $1 }
    try await send(
      "/v1/agents/\(host)/reports", AgentReport(host: host, generation: given.generation, running: running))
  }

  @discardableResult
  func send(_ path: String, _ document: some Encodable) async throws -> Answer {
    await fixture.ask(
      "POST", path, peer: peer, headers: Self.json,
      body: String(decoding: try JSONEncoder().encode(document), as: UTF8.self))
  }

  /// Asks for errands.
  func errands(wait: Int, life: String = "one") async throws -> [Errand] {
    try await fixture.ask("GET", "/v1/agents/\(host)/errands?life=\(life)&wait=\(wait)", peer: peer)
      .document(ErrandsDocument.self).errands
  }

  /// Waits for one errand, and answers it.
  @discardableResult
  func run(_ answer: @Sendable (Errand) -> ErrandAnswer) async throws -> Errand? {
    guard let errand = try await errands(wait: 60).first else { return nil }
    try await send("/v1/agents/\(host)/errands/\(errand.id)", answer(errand))
    return errand
  }
}

extension Fixture {
  /// Builds one over both hosts, and plays their agents until it runs.
  func running(_ name: String) async throws -> (PlayedAgent, PlayedAgent) {
    var (first, second) = (try PlayedAgent(self, hosts[0]), try PlayedAgent(self, hosts[1]))
    await build(name)
    for _ in 0..<200 {
      try await first.work()
      try await second.work()
      if Name(name).flatMap({ cloud.view.record($0) })?.standing.phase == .running { break }
      try await Task.sleep(for: .milliseconds(20))
    }
    return (first, second)
  }
}
