import API
import Agent
import Infrastructure
import Planning
import Quantities
import Testing

@testable import Service

/// What agents are asked to do at once, with agents that the test plays.
@Suite struct ErrandTests {
  private func with(
    grace: Double = 0, seconds: Double = 300, _ body: (Fixture, PlayedAgent, PlayedAgent) async throws -> Void
  ) async throws {
    // What is asked here waits for tasks that may wait long for a thread where many tests run at once.
    let fixture = try await Fixture(adjust: {
      $0.errands.grace = grace
      ($0.errands.counters, $0.errands.opening, $0.errands.silence) = (seconds, 300, 300)
    })
    defer { fixture.close() }
    let (first, second) = try await fixture.running("lab")
    try #require(try fixture.cloud.view.record(Name(parsing: "lab"))?.standing.phase == .running)
    try await body(fixture, first, second)
  }

  /// What an agent would read where each port has sent so many frames.
  private static func counters(_ agent: PlayedAgent, frames: UInt64) -> ErrandAnswer {
    var reading = DeviceReading(device: agent.host)
    for port in agent.plans.flatMap(\.slices).flatMap(\.machines).flatMap(\.ports) {
      var flow = DeviceReading.Flow()
      (flow.in.frames, flow.in.lastSecond) = (frames, Bitrate(bitsPerSecond: 12_345))
      reading.ports[port.port] = flow
      reading.portDrops[port.port] = ["storm": frames]
    }
    return ErrandAnswer(readings: [reading])
  }

  @Test func countersOfAllHostsAreMerged() async throws {
    try await with(grace: 300) { fixture, first, second in
      async let one = first.run { _ in Self.counters(first, frames: 7) }
      async let two = second.run { _ in Self.counters(second, frames: 9) }
      let answer = await fixture.ask("GET", "/v1/infrastructures/lab/rates", as: "ann")
      let page = try answer.document(Page<RateDocument>.self)
      #expect(page.items.map(\.frames) == [7, 9] && page.missing == nil, "\(answer.text)")
      #expect(page.items.map(\.lastSecond) == [Bitrate(bitsPerSecond: 12_300), Bitrate(bitsPerSecond: 12_300)])
      let asked = [try await one, try await two]
      let number = try fixture.cloud.view.record(Name(parsing: "lab"))?.admission.number
      #expect(asked.allSatisfy { $0?.kind == "counters" && $0?.number == number })
      async let again = first.run { _ in Self.counters(first, frames: 7) }
      async let other = second.run { _ in ErrandAnswer(problem: Problem(.failed, "x", "It fails.", remedy: "")) }
      let drops = try await fixture.ask("GET", "/v1/infrastructures/lab/drops", as: "ann")
        .document(Page<DropDocument>.self)
      #expect(drops.items.map(\.frames) == [7] && drops.missing == [fixture.hosts[1]])
      _ = (try await again, try await other)
    }
  }

  @Test func aSilentHostIsNamedAndNotWaitedForLong() async throws {
    try await with(seconds: 0.5) { fixture, first, second in
      // They asked once, and are never heard of again.
      #expect(try await second.errands(wait: 0) == [])
      #expect(try await first.errands(wait: 0) == [])
      let page = try await fixture.ask("GET", "/v1/infrastructures/lab/rates", as: "ann")
        .document(Page<RateDocument>.self)
      #expect(page.missing == [first.host, second.host] && page.items == [])
    }
  }

  /// One that tells that it cannot is not among those who tell.
  @Test func aHostThatCannotTellIsNamed() async throws {
    try await with(grace: 300) { fixture, first, second in
      async let asked = fixture.ask("GET", "/v1/infrastructures/lab/rates", as: "ann")
      try await first.run { _ in Self.counters(first, frames: 7) }
      try await second.run { _ in ErrandAnswer(problem: Problem(.failed, "x", "It fails.", remedy: "")) }
      let page = try await asked.document(Page<RateDocument>.self)
      #expect(page.missing == [second.host] && page.items.map(\.from) == ["a:eth0"])
    }
  }

  /// Numbers of a hostile host neither end the service nor reach another host's rows.
  @Test func aHostSpeaksForItselfOnly() async throws {
    try await with(grace: 300) { fixture, first, second in
      async let one = first.run { _ in
        var answer = Self.counters(first, frames: .max)
        var foreign = Self.counters(second, frames: 666).readings ?? []
        for port in answer.readings?[0].ports.keys ?? [:].keys {
          answer.readings?[0].ports[port]?.in.lastSecond = Bitrate(bitsPerSecond: UInt64(Int64.max))
        }
        foreign += answer.readings ?? []
        return ErrandAnswer(readings: foreign)
      }
      async let two = second.run { _ in Self.counters(second, frames: 9) }
      let page = try await fixture.ask("GET", "/v1/infrastructures/lab/rates", as: "ann")
        .document(Page<RateDocument>.self)
      #expect(page.items.map(\.frames) == [.max, 9])
      _ = (try await one, try await two)
    }
  }

  @Test func anOlderAgentIsRefusedClearly() async throws {
    try await with { fixture, first, _ in
      var agent = first
      func refusal(_ method: String, _ path: String, _ code: String, body: String = "") async throws -> Answer {
        var answer = await fixture.ask(method, "/v1")
        // It fetches plans all the time, else it is not old but silent.
        for _ in 0..<20 where answer.code != code {
          try await agent.work()
          answer = await fixture.ask(
            method, "/v1/infrastructures/lab/\(path)", as: "ann",
            headers: body.isEmpty ? [:] : ["Content-Type": "application/json"], body: body)
        }
        return answer
      }
      #expect(try await refusal("GET", "rates", "counters-not-here").status == 409)
      let open = try await refusal("POST", "nodes/a/terminals", "terminal-not-here", body: "{}")
      #expect(open.status == 409 && open.code == "terminal-not-here")
      #expect(open.text.contains(first.host.description))
    }
  }

  @Test func errandsAreTheHostsOwn() async throws {
    try await with(grace: 300) { fixture, first, second in
      async let asked = fixture.ask("GET", "/v1/infrastructures/lab/rates", as: "ann")
      let errand = try #require(try await first.errands(wait: 60).first)
      let foreign = try await second.send("/v1/agents/\(second.host)/errands/\(errand.id)", ErrandAnswer(readings: []))
      #expect(foreign.status == 404 && foreign.code == "no-such-errand")
      #expect(try await second.send("/v1/agents/\(first.host)/errands/\(errand.id)", ErrandAnswer()).status == 403)
      let own = try await first.send(
        "/v1/agents/\(first.host)/errands/\(errand.id)", Self.counters(first, frames: 7))
      #expect(own.status == 204)
      #expect(try await first.send("/v1/agents/\(first.host)/errands/\(errand.id)", ErrandAnswer()).status == 404)
      let other = try #require(try await second.errands(wait: 60).first)
      try await second.send("/v1/agents/\(second.host)/errands/\(other.id)", ErrandAnswer())
      #expect(try await asked.document(Page<RateDocument>.self).missing == [second.host])
      #expect(try await second.errands(wait: 0) == [])
    }
  }

  @Test func aTerminalIsOpenedCarriedAndEnded() async throws {
    try await with(grace: 300) { fixture, first, second in
      let json = ["Content-Type": "application/json"]
      async let opened = fixture.ask(
        "POST", "/v1/infrastructures/lab/nodes/a/terminals", as: "ann", headers: json,
        body: "{\"columns\":100,\"command\":[\"/bin/cat\"]}")
      let errand = try #require(try await first.run { _ in ErrandAnswer() })
      let machine = first.plans.flatMap(\.slices).flatMap(\.machines).first
      #expect(errand.kind == "terminal" && errand.terminal?.machine == machine?.key)
      #expect(errand.terminal?.columns == 100 && errand.terminal?.rows == 24)
      #expect(errand.terminal?.command == ["/bin/cat"])
      let answer = await opened
      #expect(answer.status == 201, "\(answer.text)")
      let id = try answer.document(TerminalDocument.self).id
      let path = "/v1/agents/\(first.host)/terminals/\(id)"
      async let input = fixture.ask("GET", "\(path)/input?after=0&sizes=0&wait=60", peer: first.peer)
      let bytes = ["Content-Type": "application/octet-stream"]
      #expect(
        await fixture.ask("POST", "/v1/terminals/\(id)/input", as: "ann", headers: bytes, body: "hello").status == 204)
      #expect(try await input.document(TerminalInput.self).data == "aGVsbG8=")
      // Another host, or a user, gets nothing of it.
      let others = "/v1/agents/\(second.host)/terminals/\(id)/input"
      #expect(await fixture.ask("GET", others, peer: second.peer).code == "no-such-terminal")
      #expect(await fixture.ask("GET", "\(path)/input", as: "root").status == 403)
      let output = await fixture.ask("POST", "\(path)/output?after=0", peer: first.peer, headers: bytes, body: "hello")
      #expect(output.status == 204)
      #expect(try await first.send("\(path)/exit", TerminalExit(status: 3)).status == 204)
      let session = try #require(fixture.core.terminals.session(id))
      for _ in 0..<1000 where !session.hasEnded { try await Task.sleep(for: .milliseconds(20)) }
      #expect(session.hasEnded)
      #expect(await fixture.ask("GET", "\(path)/input", peer: first.peer).code == "no-such-terminal")
    }
  }

  /// What waits for an agent that is about to be started is opened by that one; what another had open is gone.
  @Test func anAgentThatIsStartedAgainOpensWhatWaitsForIt() async throws {
    try await with(grace: 300) { fixture, first, _ in
      func opened() async -> Answer {
        await fixture.ask(
          "POST", "/v1/infrastructures/lab/nodes/a/terminals", as: "ann",
          headers: ["Content-Type": "application/json"], body: "{}")
      }
      func wait(for isSo: () -> Bool) async throws {
        for _ in 0..<1000 where !isSo() { try await Task.sleep(for: .milliseconds(10)) }
      }
      async let one = opened()
      try await first.run { _ in ErrandAnswer() }
      let old = try await one.document(TerminalDocument.self).id
      _ = await fixture.ask("GET", "/v1/agents/\(first.host)/terminals/\(old)/input?wait=0", peer: first.peer)
      async let two = opened()
      try await Task.sleep(for: .milliseconds(200))
      let errand = try #require(try await first.errands(wait: 60, life: "two").first)
      try await first.send("/v1/agents/\(first.host)/errands/\(errand.id)", ErrandAnswer())
      #expect(await two.status == 201)
      try await wait { fixture.core.terminals.session(old)?.hasEnded ?? true }
      #expect(fixture.core.terminals.session(old)?.hasEnded ?? true)
      #expect(fixture.core.terminals.session(errand.id)?.hasEnded == false)
    }
  }

  @Test func whatTheAgentRefusesIsToldToTheUser() async throws {
    try await with(grace: 300) { fixture, first, _ in
      async let opened = fixture.ask(
        "POST", "/v1/infrastructures/lab/nodes/a/terminals", as: "ann",
        headers: ["Content-Type": "application/json"], body: "{}")
      try await first.run { _ in
        ErrandAnswer(problem: Problem(.invalid, "no-such-program", "'x' cannot be run.", remedy: "Name another."))
      }
      #expect(await opened.code == "no-such-program")
    }
  }
}
