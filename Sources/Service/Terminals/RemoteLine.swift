import API
import Dispatch
import FoundationEssentials
import Glibc
import Linux
import Machines
import Quantities
import Synchronization

/// The controller's end of a terminal on a host with an agent of its own: the agent brings its output and fetches its
/// input, each by requests of its own.
///
/// Octets are counted in both directions, so that a request that is repeated does nothing twice. Safe from any thread.
final class RemoteLine: TerminalLine {
  typealias Fetch = @Sendable (TerminalInput) -> Void

  /// Octets of output that wait for the session to take them.
  private static let outputs = 256 << 10
  /// Seconds without a word of the agent after which the terminal is taken for lost.
  private let patience: Double

  private struct State {
    var output: [UInt8] = []
    /// Octets of output that ever came.
    var came = 0
    /// Typed, and not known to have arrived.
    var input: [UInt8] = []
    /// Octets typed before those.
    var typed = 0
    var size: TerminalSize?
    var sizes = 0
    var isHungUp = false
    var status: Int32?
    var waiting: (number: UInt64, after: Int, sizes: Int, answer: Fetch)?
    var number: UInt64 = 0
    var heard = Clock.monotonic
    /// The agent has brought something, or asked for something.
    var isCarried = false

    mutating func hear() { (heard, isCarried) = (Clock.monotonic, true) }
  }

  let id: String
  let host: Name
  private let state = Mutex(State())
  /// Signalled when something came for the session.
  private let bell = DispatchSemaphore(value: 0)
  private let timers: Timers
  private let forget: @Sendable () -> Void

  /// - Parameter forget: Called when nobody needs it any more.
  init(
    _ id: String, on host: Name, _ timers: Timers, patience: Double, forget: @escaping @Sendable () -> Void
  ) {
    (self.id, self.host, self.timers, self.patience, self.forget) = (id, host, timers, patience, forget)
  }

  // What the session does.

  func read(waiting milliseconds: Int32) -> [UInt8]? {
    for attempt in 0..<2 {
      let (bytes, isOver) = state.withLock { state -> ([UInt8], Bool) in
        defer { state.output = [] }
        return (state.output, state.status != nil)
      }
      if !bytes.isEmpty { return bytes }
      if isOver { return nil }
      guard attempt == 0 else { break }
      _ = bell.wait(timeout: .now() + .milliseconds(Int(milliseconds)))
    }
    if isDeserted { end(saying: "host \(host) does not answer any more") }
    return []
  }

  func write(_ bytes: [UInt8]) throws(SystemError) {
    var rest = bytes[...]
    var attempts = 0
    while true {
      let taken = state.withLock { state -> Int? in
        guard state.status == nil, !state.isHungUp else { return nil }
        let part = rest.prefix(max(0, TerminalInput.most - state.input.count))
        state.input += part
        return part.count
      }
      guard let taken else { throw SystemError(operation: "type into", object: "terminal", errno: EIO) }
      rest = rest.dropFirst(taken)
      if taken > 0 { wake() }
      guard !rest.isEmpty else { return }
      attempts = taken > 0 ? 0 : attempts + 1
      // As long as a terminal of this machine waits for its program.
      guard attempts <= 20 else { throw SystemError(operation: "type into", object: "terminal", errno: EAGAIN) }
      usleep(50_000)
    }
  }

  func resize(columns: UInt16, rows: UInt16) throws(SystemError) {
    state.withLock { state in
      state.size = TerminalSize(columns: Int(columns), rows: Int(rows))
      state.sizes += 1
    }
    wake()
  }

  func hangUp() {
    state.withLock { $0.isHungUp = true }
    wake()
  }

  func end() {
    finish(255)
    forget()
  }

  func wait() throws -> Int32 { state.withLock { $0.status } ?? 255 }
}

/// What the agent does.
extension RemoteLine {
  /// Takes output; `after` octets came before it. False where it has to be sent again in a moment.
  func take(_ bytes: [UInt8], after: Int) -> Bool {
    let isTaken = state.withLock { state -> Bool in
      state.hear()
      // What came already is a request that was repeated.
      let new = bytes.dropFirst(max(0, state.came - after))
      guard !new.isEmpty, state.status == nil else { return true }
      guard state.output.count + new.count <= Self.outputs else { return false }
      state.output += new
      state.came = max(after, state.came) + new.count
      return true
    }
    bell.signal()
    return isTaken
  }

  /// The program has ended.
  func finish(_ status: Int32) {
    state.withLock { state in
      state.heard = Clock.monotonic
      if state.status == nil { state.status = max(0, min(status, 255)) }
    }
    bell.signal()
    wake()
  }

  /// True once the agent has had to do with it.
  var isCarried: Bool { state.withLock { $0.isCarried } }

  /// Ends it for a reason that its user is told.
  func end(saying reason: String) {
    state.withLock { state in
      guard state.status == nil else { return }
      state.output += Array("\r\n[\(reason): the terminal is closed]\r\n".utf8)
      state.status = 255
    }
    bell.signal()
    wake()
  }

  /// Answers as soon as there is more to type than `after` octets, a newer size than the agent knows, or an end; or after
  /// so many seconds. What is before `after` has arrived.
  func fetch(after: Int, sizes: Int, seconds: Double, answer: @escaping Fetch) {
    let (displaced, number) = state.withLock { state in
      state.hear()
      let arrived = max(0, min(after - state.typed, state.input.count))
      state.input.removeFirst(arrived)
      state.typed += arrived
      state.number += 1
      defer { state.waiting = (state.number, after, sizes, answer) }
      return (state.waiting, state.number)
    }
    if let old = displaced {
      old.answer(TerminalInput(after: old.after, data: "", size: nil, sizes: old.sizes, isHungUp: false))
    }
    wake()
    timers.after(seconds: min(seconds, 60)) { [weak self] in self?.wake(number) }
  }

  /// Answers who waits, where there is something to say, or where it is `number` that has waited long enough.
  private func wake(_ number: UInt64? = nil) {
    let ready = state.withLock { state -> (Fetch, TerminalInput)? in
      guard let waiting = state.waiting, number == nil || number == waiting.number else { return nil }
      let isOver = state.isHungUp || state.status != nil
      guard number != nil || isOver || !state.input.isEmpty || state.sizes > waiting.sizes else { return nil }
      (state.waiting, state.heard) = (nil, Clock.monotonic)
      let input = TerminalInput(
        after: state.typed, data: Data(state.input).base64EncodedString(),
        size: state.sizes > waiting.sizes ? state.size : nil, sizes: state.sizes, isHungUp: isOver)
      return (waiting.answer, input)
    }
    if let (answer, input) = ready { answer(input) }
  }

  private var isDeserted: Bool {
    state.withLock { state in
      state.waiting == nil && state.status == nil
        && Double(Clock.monotonic - state.heard) > patience * 1_000_000_000
    }
  }
}
