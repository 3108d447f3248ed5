import Synchronization

/// Ends requests from another thread, once and for all.
public final class Interrupt: Sendable {
  private struct State {
    var isFired = false
    var count = 0
    var wakers: [Int: @Sendable () -> Void] = [:]
  }
  private let state = Mutex(State())

  /// Not fired yet.
  public init() {}

  /// True after `fire`.
  public var isFired: Bool { state.withLock { $0.isFired } }

  /// Ends the requests that were given this value, and those that will be. Any thread; again has no effect.
  public func fire() {
    state.withLock { state in
      state.isFired = true
      // Called within the lock, so that a waker is never used after `remove` returned.
      for waker in state.wakers.values { waker() }
    }
  }

  /// Calls `waker` when fired (at once if it was already); it must be short and must not use this value.
  func add(_ waker: @escaping @Sendable () -> Void) -> Int {
    state.withLock { state in
      state.count += 1
      state.wakers[state.count] = waker
      if state.isFired { waker() }
      return state.count
    }
  }

  func remove(_ number: Int) {
    state.withLock { _ = $0.wakers.removeValue(forKey: number) }
  }
}
