/// Tells a person how far a long piece of work is. Safe to call from any thread.
public protocol ProgressReporter: Sendable {
  /// Begins a piece of work; the one before ends. `total` is the number of steps if it is known.
  func begin(_ title: String, total: Int?)
  /// One more step is done; `step` names it in a few words.
  func advance(_ step: String)
  /// Everything is done, or given up; a live line is erased. May be called more than once.
  func finish()
}

extension ProgressReporter {
  /// Begins a piece of work of unknown length.
  public func begin(_ title: String) { begin(title, total: nil) }
}

/// Says nothing.
public struct SilentProgress: ProgressReporter {
  public init() {}
  public func begin(_ title: String, total: Int?) {}
  public func advance(_ step: String) {}
  public func finish() {}
}
