import Glibc

/// The system's clocks.
public enum Clock {
  /// Nanoseconds since the machine began, which nobody sets (`CLOCK_MONOTONIC`, clock_gettime(2)).
  public static var monotonic: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
