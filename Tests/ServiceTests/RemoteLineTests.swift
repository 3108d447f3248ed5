import API
import Quantities
import Synchronization
import Testing

@testable import Service

/// The controller's end of a terminal that an agent carries.
@Suite struct RemoteLineTests {
  private final class Inbox: Sendable {
    private let inputs = Mutex<[TerminalInput]>([])
    var all: [TerminalInput] { inputs.withLock { $0 } }
    func take(_ input: TerminalInput) { inputs.withLock { $0.append(input) } }
  }

  private func line(patience: Double = 10) throws -> RemoteLine {
    RemoteLine("one", on: try Name(parsing: "h1"), Timers(), patience: patience, forget: {})
  }

  private func fetch(_ line: RemoteLine, after: Int, sizes: Int = 0, wait: Double = 0.01) async throws -> TerminalInput
  {
    await withCheckedContinuation { continuation in
      line.fetch(after: after, sizes: sizes, seconds: wait) { continuation.resume(returning: $0) }
    }
  }

  @Test func whatIsRepeatedIsTakenOnce() throws {
    let line = try line()
    #expect(line.take([1, 2, 3], after: 0))
    #expect(line.take([1, 2, 3], after: 0))
    #expect(line.take([2, 3, 4], after: 1))
    #expect(line.read(waiting: 0) == [1, 2, 3, 4])
    #expect(line.read(waiting: 0) == [])
    line.finish(7)
    #expect(line.read(waiting: 0) == nil)
    #expect(try line.wait() == 7)
  }

  @Test func moreThanFitsIsRefusedUntilItIsRead() throws {
    let line = try line()
    let part = [UInt8](repeating: 7, count: 64 << 10)
    for index in 0..<4 { #expect(line.take(part, after: index * part.count)) }
    #expect(!line.take(part, after: 4 * part.count))
    #expect(line.read(waiting: 0)?.count == 256 << 10)
    #expect(line.take(part, after: 4 * part.count))
  }

  @Test func inputIsKeptUntilItHasArrived() async throws {
    let line = try line()
    try line.write([1, 2])
    #expect(try await fetch(line, after: 0).data == "AQI=")
    // The answer was lost: it comes again, with what was typed since.
    try line.write([3])
    #expect(try await fetch(line, after: 0).data == "AQID")
    let rest = try await fetch(line, after: 2)
    #expect(rest.after == 2 && rest.data == "Aw==")
    #expect(try await fetch(line, after: 3).data == "")
  }

  @Test func sizesAndTheEndAreTold() async throws {
    let line = try line()
    let inbox = Inbox()
    line.fetch(after: 0, sizes: 0, seconds: 30) { inbox.take($0) }
    try line.resize(columns: 90, rows: 30)
    #expect(inbox.all.map(\.size) == [TerminalSize(columns: 90, rows: 30)] && inbox.all.map(\.sizes) == [1])
    #expect(try await fetch(line, after: 0, sizes: 1).size == nil)
    line.hangUp()
    #expect(try await fetch(line, after: 0, sizes: 1, wait: 30).isHungUp)
    #expect(throws: (any Error).self) { try line.write([1]) }
  }

  @Test func anAgentThatIsGoneEndsIt() async throws {
    let line = try line(patience: 0.05)
    #expect(line.read(waiting: 100) == [])
    let words = line.read(waiting: 0) ?? []
    #expect(String(decoding: words, as: UTF8.self).contains("h1 does not answer"))
    #expect(line.read(waiting: 0) == nil)
    #expect(try await fetch(line, after: 0, wait: 30).isHungUp)
  }

  @Test func whoeverTypesTooMuchIsToldSo() throws {
    let line = try line()
    #expect(throws: (any Error).self) { try line.write([UInt8](repeating: 7, count: TerminalInput.most + 1)) }
  }
}
