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
    var working = 0
  }

  private let line = Mutex(Line())
  private let workers: Int
  private let queue = DispatchQueue(label: "virtcloud.admissions", attributes: .concurrent)

  /// A queue that `workers` threads work on at most.
  init(workers: Int) { self.workers = workers }

  func add(for user: String, _ work: @escaping Work) {
    let begins = line.withLock { line in
      if line.waiting[user] == nil { line.turns.append(user) }
      line.waiting[user, default: []].append(work)
      guard line.working < workers else { return false }
      line.working += 1
      return true
    }
    if begins { queue.async { self.serve() } }
  }

  private func serve() {
    while let work = next() { work() }
  }

  private func next() -> Work? {
    line.withLock { line in
      guard !line.turns.isEmpty else {
        line.working -= 1
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
