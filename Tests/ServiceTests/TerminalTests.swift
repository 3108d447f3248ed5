import API
import Glibc
import Identity
import Linux
import Machines
import Quantities
import Synchronization
import Testing

@testable import Service

/// A terminal without a machine: it says what is typed, and ends with status 3 at `exit`.
final class FakeLine: TerminalLine {
  private struct State {
    var waiting: [UInt8] = []
    var isOver = false
  }

  private let state = Mutex(State())

  func read(waiting milliseconds: Int32) -> [UInt8]? {
    usleep(5000)
    return state.withLock { state in
      defer { state.waiting = [] }
      return state.isOver && state.waiting.isEmpty ? nil : state.waiting
    }
  }

  func write(_ bytes: [UInt8]) throws(SystemError) {
    state.withLock { state in
      state.waiting += bytes
      if bytes == Array("exit\n".utf8) { state.isOver = true }
    }
  }

  func resize(columns: UInt16, rows: UInt16) throws(SystemError) {}
  func hangUp() { state.withLock { $0.isOver = true } }
  func end() {}
  func wait() throws -> Int32 { 3 }
}

/// Terminals over requests.
@Suite struct TerminalTests {
  private func with(_ body: (Fixture, TerminalSession) async throws -> Void) async throws {
    let fixture = try await Fixture(adjust: {
      $0.terminals.idleSeconds = 1
      $0.terminals.ofOneUser = 1
    })
    defer { fixture.close() }
    await fixture.build("lab")
    let session = TerminalSession(
      FakeLine(), id: "one", owner: try UserName(parsing: "uid-61002"), infrastructure: try Name(parsing: "lab"),
      node: try Name(parsing: "a"), at: .now)
    try fixture.core.terminals.add(session)
    try await body(fixture, session)
  }

  @Test func isTypedIntoAndEnds() async throws {
    try await with { fixture, session in
      let output = await fixture.ask("GET", "/v1/terminals/one/output", as: "ann")
      #expect(output.status == 200 && output.header("Content-Type") == "text/event-stream")
      let bytes = ["Content-Type": "application/octet-stream"]
      let typed = await fixture.ask("POST", "/v1/terminals/one/input", as: "ann", headers: bytes, body: "exit\n")
      #expect(typed.status == 204)
      guard case .stream(let stream) = output.response.body else { throw Missing() }
      for _ in 0..<100 where stream.write([]) { try await Task.sleep(for: .milliseconds(20)) }
      #expect(!stream.write([]), "the stream ends with the program")
    }
  }

  @Test func sizesAreBounded() async throws {
    try await with { fixture, _ in
      for (body, status) in [
        ("{\"columns\":80,\"rows\":24}", 204), ("{\"columns\":0,\"rows\":24}", 400), ("{\"columns\":80}", 400),
        ("{\"columns\":80,\"rows\":1e9}", 400), ("[]", 400),
      ] {
        let answer = await fixture.ask(
          "PUT", "/v1/terminals/one/size", as: "ann", headers: ["Content-Type": "application/json"], body: body)
        #expect(answer.status == status, "\(body)")
      }
    }
  }

  @Test func idleOnesAndThoseOfWhatIsGoneAreEnded() async throws {
    try await with { fixture, session in
      fixture.core.terminals.sweep { _ in false }
      for _ in 0..<100 where !session.hasEnded { try await Task.sleep(for: .milliseconds(50)) }
      #expect(session.hasEnded)
    }
  }

  @Test func nobodyHasTooMany() async throws {
    try await with { fixture, session in
      #expect(throws: Problem.self) { try fixture.core.terminals.checkRoom(for: session.owner) }
      // Its host has an agent of its own.
      let answer = await fixture.ask(
        "POST", "/v1/infrastructures/lab/nodes/a/terminals", as: "ann",
        headers: ["Content-Type": "application/json"], body: "{}")
      #expect(answer.status == 409)
    }
  }

  private struct Missing: Error {}
}
