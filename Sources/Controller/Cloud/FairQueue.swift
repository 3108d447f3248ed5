import Dispatch
import Synchronization

/// Runs closures on a few threads, one of each user in turn: who asks a thousand times waits for themselves, and not
/// others for them. Within a user's, in the order of arrival.
final class FairQueue: Sendable {
  typealias Work = @Sendable () -> Void

  private struct Line {
    var waiting: [String: [Work]] = [:]
    /// Users with something that waits, the next to be served first.
    var turns: [String] = []
    /// Numbers of the threads that have nothing to do.
    var idle: [Int]
  }

  private let line: Mutex<Line>
  /// A serial one each: those have threads of their own. A concurrent one would share the few that the processors are
  /// given, and wait up to a second where somebody sleeps on these.
  private let workers: [DispatchQueue]

  /// A queue that `workers` threads work on at most.
  init(workers count: Int) {
    workers = (0..<count).map { DispatchQueue(label: "virtcloud.admissions.\($0)") }
    line = Mutex(Line(idle: Array(0..<count)))
  }

  func add(for user: String, _ work: @escaping Work) {
    let worker = line.withLock { line in
      if line.waiting[user] == nil { line.turns.append(user) }
      line.waiting[user, default: []].append(work)
      return line.idle.popLast()
    }
    if let worker { workers[worker].async { self.serve(worker) } }
  }

  private func serve(_ worker: Int) {
    while let work = next(worker) { work() }
  }

  /// Nil where nothing waits: the worker is idle then.
  private func next(_ worker: Int) -> Work? {
    line.withLock { line in
      guard !line.turns.isEmpty else {
        line.idle.append(worker)
        return nil
      }
      let user = line.turns.removeFirst()
      let work = line.waiting[user]?.removeFirst()
      if line.waiting[user]?.isEmpty ?? true {
        line.waiting[user] = nil
      } else {
        line.turns.append(user)
      }
      return work
    }
  }
}
