import API
import Glibc
import Linux
import Machines
import Quantities
import Synchronization
import WebClient

/// The terminals that this agent carries. Safe from any thread.
final class HostTerminals: Sendable {
  /// As many as a controller has.
  private static let most = 64

  private let circle: ControllerCircle
  private let requests: AgentRequests
  private let open = Mutex<[String: CarriedTerminal]>([:])

  init(_ circle: ControllerCircle, _ requests: AgentRequests) { (self.circle, self.requests) = (circle, requests) }

  /// Carries what `start` opens until its program ends, or nobody wants it any more.
  ///
  /// Throws `errand-unusable` where the name is none or taken, `too-many-terminals`, and what `start` throws.
  func open(_ id: String, start: () throws -> MachineTerminal) throws {
    let (isTaken, count) = open.withLock { ($0[id] != nil, $0.count) }
    guard Errand.isID(id), !isTaken else {
      throw ErrandRunner.unusable("'\(id.excerpt)' cannot name another terminal")
    }
    guard count < Self.most else {
      throw Problem(
        .refused, "too-many-terminals", "\(count) terminals are open on this host.", remedy: "Close one.")
    }
    let terminal = CarriedTerminal(id, try start(), circle, requests)
    open.withLock { $0[id] = terminal }
    do {
      try ServiceThread.start("vc-term-out") { [weak self] in
        terminal.carryOutput()
        self?.forget(id)
      }
      try ServiceThread.start("vc-term-in") { terminal.carryInput() }
    } catch {
      terminal.end()
      throw error
    }
  }

  private func forget(_ id: String) { open.withLock { $0[id] = nil } }

  /// Ends one, if it is open.
  func end(_ id: String) { open.withLock { $0[id] }?.end() }

  /// Ends all, and waits a moment for it.
  func stop() {
    for terminal in open.withLock({ Array($0.values) }) { terminal.end() }
    for _ in 0..<50 where !open.withLock({ $0.isEmpty }) { usleep(10_000) }
    for terminal in open.withLock({ Array($0.values) }) { terminal.kill() }
  }
}
