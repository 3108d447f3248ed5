import API
import FoundationEssentials
import Glibc
import Identity
import Linux
import Machines
import Quantities
import Synchronization
import WebServer

/// A terminal in a machine, whose output goes to a stream of server-sent events and whose input comes by requests.
final class TerminalSession: Sendable {
  /// Octets of output that wait for the first, or the next, reader; older ones are lost.
  private static let backlog = 256 << 10

  private struct State: Sendable {
    var stream: EventStream?
    /// Not yet read by anybody.
    var waiting: [UInt8] = []
    var used: UInt64
    var status: Int32?
    var isEnding = false
  }

  let id: String
  let owner: UserName
  let infrastructure: Name
  let node: Name
  let created: Timestamp
  private let terminal: any TerminalLine
  private let state: Mutex<State>

  init(
    _ terminal: any TerminalLine, id: String, owner: UserName, infrastructure: Name, node: Name, at time: Timestamp
  ) {
    self.terminal = terminal
    (self.id, self.owner, self.infrastructure, self.node, created) = (id, owner, infrastructure, node, time)
    state = Mutex(State(used: Clock.monotonic))
  }

  /// Seconds since something went in or out.
  var idleSeconds: Int { state.withLock { Int((Clock.monotonic - $0.used) / 1_000_000_000) } }

  var hasEnded: Bool { state.withLock { $0.status != nil } }

  /// Gives its output to a stream; one that had it before ends.
  func attach(_ stream: EventStream) {
    let old = state.withLock { state -> EventStream? in
      let old = state.stream
      if !state.waiting.isEmpty { stream.write(Self.event(state.waiting)) }
      state.waiting = []
      state.stream = stream
      state.used = Clock.monotonic
      if let status = state.status {
        stream.write(Self.exit(status))
        stream.finish()
      }
      return old
    }
    old?.finish()
  }

  func type(_ bytes: [UInt8]) throws {
    state.withLock { $0.used = Clock.monotonic }
    try terminal.write(bytes)
  }

  func resize(_ size: TerminalSize) throws {
    try terminal.resize(columns: UInt16(clamping: size.columns), rows: UInt16(clamping: size.rows))
  }

  /// Hangs up; where the program goes on for two seconds it is killed.
  func end() { state.withLock { $0.isEnding = true } }

  /// Relays the output until the program's end; on a thread of its own. Returns when it has ended.
  func run() {
    let status = terminal.relay(looking: 200, isEnding: { state.withLock { $0.isEnding } }, to: take)
    let stream = state.withLock { state -> EventStream? in
      state.status = status
      return state.stream
    }
    stream?.write(Self.exit(status))
    stream?.finish()
  }

  private func take(_ bytes: [UInt8]) {
    state.withLock { state in
      state.used = Clock.monotonic
      if let stream = state.stream, stream.write(Self.event(bytes)) { return }
      state.stream = nil
      state.waiting += bytes
      if state.waiting.count > Self.backlog { state.waiting.removeFirst(state.waiting.count - Self.backlog) }
    }
  }

  private static func event(_ bytes: [UInt8]) -> [UInt8] {
    Array("data: \(Data(bytes).base64EncodedString())\n\n".utf8)
  }

  private static func exit(_ status: Int32) -> [UInt8] { Array("event: exit\ndata: \(status)\n\n".utf8) }
}
