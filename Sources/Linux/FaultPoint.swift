import Glibc

/// Places at which a test lets the process die, to prove that the next command mends what is half-made.
///
/// Only builds with `FAULT_POINTS` (debug) have them: `VIRTCLOUD_FAULT=7` kills the process with SIGKILL
/// when it reaches the seventh point.
public enum FaultPoint {
  /// Marks a step after which a crash must be harmless.
  @inline(__always)
  public static func reach() {
    #if FAULT_POINTS
      countdown()
    #endif
  }

  #if FAULT_POINTS
    /// Read once; the main road is one thread, so plain memory does.
    nonisolated(unsafe) private static var remaining = getenv("VIRTCLOUD_FAULT").map { atoi($0) } ?? 0

    private static func countdown() {
      guard remaining > 0 else { return }
      remaining -= 1
      if remaining == 0 { kill(getpid(), SIGKILL) }
    }
  #endif
}
