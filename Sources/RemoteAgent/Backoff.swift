/// How long to wait before the next attempt: twice as long each time, and never the same for all who wait.
struct Backoff {
  private var attempts = 0
  private let shortest: Double = 0.5

  /// Begins anew.
  mutating func reset() { attempts = 0 }

  /// Milliseconds, at most `longest` seconds, half of it at least.
  mutating func next(longest: Double) -> Int {
    var pause = min(longest, shortest * Double(1 << min(attempts, 16)))
    attempts += 1
    pause = max(shortest, pause)
    return Int(pause * Double.random(in: 0.5...1) * 1000)
  }
}
