import Quantities
import Synchronization

/// All terminals on hosts with agents of their own.
final class RemoteLines: Sendable {
  private let lines = Mutex<[String: RemoteLine]>([:])

  /// One that is about to be opened; without a word of the agent for `patience` seconds it is taken for lost.
  func open(on host: Name, _ timers: Timers, patience: Double) -> RemoteLine {
    let id = ErrandDesk.makeID()
    let line = RemoteLine(id, on: host, timers, patience: patience) { [weak self] in
      self?.lines.withLock { $0[id] = nil }
    }
    lines.withLock { $0[id] = line }
    return line
  }

  /// A host's; throws `no-such-terminal`.
  func line(_ id: String, of host: Name) throws(Problem) -> RemoteLine {
    if let line = lines.withLock({ $0[id] }), line.host == host { return line }
    throw Problem(
      .notFound, "no-such-terminal", "Host \(host) has no terminal '\(id.excerpt)'.",
      remedy: "It was closed: end its program.")
  }

  /// A host's agent was started anew: what it had open is gone.
  func end(of host: Name) {
    // What is not carried yet, the new one opens.
    for line in lines.withLock({ $0.values.filter { $0.host == host && $0.isCarried } }) {
      line.end(saying: "the agent of host \(host) was started again")
    }
  }

  /// Ends all.
  func stop() { for line in lines.withLock({ Array($0.values) }) { line.hangUp() } }
}
