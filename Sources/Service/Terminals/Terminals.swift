import API
import Glibc
import Identity
import Linux
import Machines
import Quantities
import Synchronization

/// Every terminal that is open.
final class Terminals: Sendable {
  private let limits: ServiceSettings.TerminalLimits
  private let sessions = Mutex<[String: TerminalSession]>([:])

  init(_ limits: ServiceSettings.TerminalLimits) { self.limits = limits }

  var idleSeconds: Int { limits.idleSeconds }

  func session(_ id: String) -> TerminalSession? { sessions.withLock { $0[id] } }

  /// Throws `too-many-terminals`.
  func checkRoom(for user: UserName) throws(Problem) {
    let (all, own) = sessions.withLock { sessions in
      (sessions.count, sessions.values.filter { $0.owner == user }.count)
    }
    guard all < limits.all, own < limits.ofOneUser else {
      throw Problem(
        .refused, "too-many-terminals", "\(own) terminals of \(user) are open, \(all) in all.",
        remedy: "Close one: a user may have \(limits.ofOneUser).")
    }
  }

  /// Keeps a session until its program ends. Throws where there is no thread for it; the program is ended then.
  func add(_ session: TerminalSession) throws(SystemError) {
    sessions.withLock { $0[session.id] = session }
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(Run(session: session, terminals: self))
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        let run = Unmanaged<Run>.fromOpaque(argument).takeRetainedValue()
        run.session.run()
        // Who comes late still learns how it ended.
        sleep(5)
        run.terminals.forget(run.session.id)
        return nil
      }, argument.toOpaque())
    guard code != 0 else {
      pthread_detach(thread)
      return
    }
    argument.release()
    forget(session.id)
    session.end()
    session.run()
    throw SystemError(operation: "create thread", object: "for a terminal", errno: code)
  }

  private final class Run: Sendable {
    let session: TerminalSession
    let terminals: Terminals

    init(session: TerminalSession, terminals: Terminals) { (self.session, self.terminals) = (session, terminals) }
  }

  private func forget(_ id: String) { sessions.withLock { $0[id] = nil } }

  /// Ends what nobody uses, and what is in an infrastructure that is no more.
  func sweep(isThere: (Name) -> Bool) {
    for session in sessions.withLock({ Array($0.values) })
    where session.idleSeconds > limits.idleSeconds || !isThere(session.infrastructure) {
      session.end()
    }
  }

  /// Ends all.
  func stop() { for session in sessions.withLock({ Array($0.values) }) { session.end() } }
}
