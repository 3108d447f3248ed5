import Synchronization

/// One line on a terminal, redrawn in place: spinner, title, count, bar, last step and elapsed time.
///
/// It redraws when something happens, at most every 50 ms, so it needs no thread of its own.
public final class LiveProgress: ProgressReporter {
  private struct State {
    var line: ProgressLine?
    var started: ContinuousClock.Instant
    var drawn: ContinuousClock.Instant?
  }

  private static let pause: Duration = .milliseconds(50)
  private let console: Console
  private let clock = ContinuousClock()
  private let state: Mutex<State>

  /// Draws on standard error of the console, which must be a terminal.
  public init(console: Console) {
    self.console = console
    state = Mutex(State(started: clock.now))
  }

  public func begin(_ title: String, total: Int?) {
    state.withLock { state in
      state.line = ProgressLine(title: title, total: total)
      state.drawn = nil
      draw(&state)
    }
  }

  public func advance(_ step: String) {
    state.withLock { state in
      state.line?.advance(step)
      draw(&state)
    }
  }

  public func finish() {
    state.withLock { state in
      if state.line != nil { console.message("\r\u{1B}[K") }
      state.line = nil
    }
  }

  private func draw(_ state: inout State) {
    let now = clock.now
    if let drawn = state.drawn, now - drawn < Self.pause { return }
    guard let line = state.line else { return }
    state.drawn = now
    let text = line.text(elapsed: now - state.started, width: (console.errorStyle.width ?? 80) - 1)
    console.message("\r" + text + "\u{1B}[K")
  }
}

/// What the live line says.
struct ProgressLine: Sendable {
  var title: String
  var total: Int?
  var done = 0
  var step = ""

  init(title: String, total: Int?) {
    self.title = title
    self.total = total
  }

  mutating func advance(_ step: String) {
    done += 1
    self.step = step
  }

  func text(elapsed: Duration, width: Int) -> String {
    let spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
    let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
    let tenths = Int(seconds * 10)
    var words = [spinner[tenths % spinner.count], title]
    if let total { words += [bar(total), "\(done)/\(total)"] } else if done > 0 { words.append("\(done)") }
    words.append("\(tenths / 10).\(tenths % 10) s")
    if !step.isEmpty { words.append(step) }
    return DisplayWidth.cut(words.joined(separator: " "), to: width)
  }

  private func bar(_ total: Int) -> String {
    let length = 20
    let full = total > 0 ? min(length, done * length / total) : length
    return String(repeating: "█", count: full) + String(repeating: "░", count: length - full)
  }
}
