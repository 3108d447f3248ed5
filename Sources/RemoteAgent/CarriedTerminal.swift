import API
import FoundationEssentials
import Glibc
import Linux
import Machines
import Quantities
import Synchronization
import WebClient

/// A terminal in a machine of this host whose other end is a controller: one thread takes its output there, another
/// fetches what is typed.
///
/// What a controller has not taken yet waits in the program's terminal, so that nothing piles up here.
final class CarriedTerminal: Sendable {
  /// Seconds that a controller may take where nothing is typed.
  private static let wait: Int64 = 5
  /// Without a controller for that long, in nanoseconds, nobody can want it any more.
  private static let patience: UInt64 = 15_000_000_000
  /// The most octets of one request.
  private static let part = 64 << 10

  private struct State {
    var isEnding = false
    /// Nobody takes the output any more.
    var isLost = false
  }

  private let id: String
  private let terminal: MachineTerminal
  private let circle: ControllerCircle
  private let requests: AgentRequests
  private let state = Mutex(State())
  /// Ends the wait for input.
  private let over = Interrupt()

  init(_ id: String, _ terminal: MachineTerminal, _ circle: ControllerCircle, _ requests: AgentRequests) {
    (self.id, self.terminal, self.circle, self.requests) = (id, terminal, circle, requests)
  }

  /// Hangs up; where the program goes on for two seconds it is killed.
  func end() { state.withLock { $0.isEnding = true } }

  /// Ends the program in any case.
  func kill() { terminal.end() }

  private func lose() { state.withLock { ($0.isEnding, $0.isLost) = (true, true) } }

  /// Takes the output to the controller until the program's end, and tells of that.
  func carryOutput() {
    var sent = 0
    let status = terminal.relay(looking: 100, isEnding: { state.withLock { $0.isEnding } }) { bytes in
      sent += deliver(gather(bytes), after: sent)
    }
    over.fire()
    guard !state.withLock({ $0.isLost }), let request = try? requests.exit(of: id, status: status) else { return }
    for attempt in 0..<3 {
      do {
        _ = try circle.send(request, interrupt: nil)
        return
      } catch {
        // The controller notices by itself that nobody asks for input any more.
        if (error as? Refusal)?.isFinal ?? false || attempt == 2 { return }
        usleep(200_000)
      }
    }
  }

  /// What else the program has written by now.
  private func gather(_ first: [UInt8]) -> [UInt8] {
    var bytes = first
    while bytes.count < Self.part - 16384, let more = terminal.read(waiting: 0), !more.isEmpty { bytes += more }
    return bytes
  }

  /// Repeats a request until it is taken or nobody wants it any more; how many octets were taken.
  private func deliver(_ bytes: [UInt8], after: Int) -> Int {
    let begun = Clock.monotonic
    while !state.withLock({ $0.isLost }) {
      do {
        _ = try circle.send(requests.output(of: id, bytes, after: after), interrupt: nil)
        return bytes.count
      } catch {
        let isFinal = (error as? Refusal)?.isFinal ?? false
        if isFinal || Clock.monotonic > begun + Self.patience { lose() }
        usleep(50_000)
      }
    }
    return 0
  }

  /// Types what comes from the controller, until the program's end.
  func carryInput() {
    var (typed, sizes) = (0, 0)
    var heard = Clock.monotonic
    while !over.isFired {
      do {
        let sent = Clock.monotonic
        let request = requests.input(of: id, after: typed, sizes: sizes, wait: Self.wait)
        let input = try AgentRequests.decode(TerminalInput.self, circle.send(request, interrupt: over))
        heard = Clock.monotonic
        guard !input.isHungUp else { return end() }
        let bytes = try Self.bytes(of: input, after: typed)
        // What does not fit comes again with the next answer.
        let taken = try terminal.write(some: bytes, waiting: 1000)
        typed += taken
        if input.sizes > sizes {
          if let size = input.size { try resize(size) }
          sizes = input.sizes
        } else if taken == 0, heard - sent < 100_000_000 {
          // Neither a controller that answers at once all the time nor a full terminal makes the agent ask all the time.
          usleep(100_000)
        }
      } catch {
        guard !over.isFired else { return }
        let isFinal = (error as? Refusal)?.isFinal ?? (error is TerminalFault)
        guard !isFinal, Clock.monotonic < heard + Self.patience else { return lose() }
        usleep(200_000)
      }
    }
  }

  /// What a controller sent cannot be typed.
  private struct TerminalFault: Error {}

  private static func bytes(of input: TerminalInput, after typed: Int) throws -> [UInt8] {
    guard input.after == typed, input.data.utf8.count <= TerminalInput.most * 2,
      let data = Data(base64Encoded: input.data)
    else { throw TerminalFault() }
    return Array(data)
  }

  private func resize(_ size: TerminalSize) throws {
    guard (1...1000).contains(size.columns), (1...1000).contains(size.rows) else { throw TerminalFault() }
    // One whose program has just ended has no size any more.
    try? terminal.resize(columns: UInt16(size.columns), rows: UInt16(size.rows))
  }
}
