import Synchronization

/// One line on standard error for each piece of work and each step, for logs and pipes; of long work one for each
/// twentieth of it.
public final class PlainProgress: ProgressReporter {
  private struct State {
    var title = ""
    var total: Int?
    var done = 0
  }

  private let console: Console
  private let state = Mutex(State())

  /// Writes to standard error of the console.
  public init(console: Console) {
    self.console = console
  }

  public func begin(_ title: String, total: Int?) {
    // Written under the lock, so that lines from several threads stay in the order of their numbers.
    state.withLock { state in
      state = State(title: title, total: total)
      console.message(title + "\n")
    }
  }

  public func advance(_ step: String) {
    state.withLock { state in
      state.done += 1
      if let total = state.total, total > 60, state.done * 20 / total == (state.done - 1) * 20 / total { return }
      let count = state.total.map { "\(state.done)/\($0)" } ?? "\(state.done)"
      console.message("  [\(count)] \(step)\n")
    }
  }

  public func finish() {}
}
