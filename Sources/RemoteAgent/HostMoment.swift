import Glibc
import Linux

/// A moment as a host knows it: by the clock that nobody sets and that counts while the machine sleeps, and by the
/// wall clock, which anybody may set.
struct HostMoment: Hashable, Codable, Sendable {
  /// Names the life of the machine that `boot` counts in (`/proc/sys/kernel/random/boot_id`, random(4)).
  var life: String
  /// Nanoseconds of CLOCK_BOOTTIME (clock_gettime(2)).
  var boot: Int64
  /// Seconds since 1970.
  var wall: Int64

  /// Nanoseconds since `earlier`; nil where the machine was started anew in between.
  func elapsed(since earlier: HostMoment) -> Int64? {
    life == earlier.life ? max(0, boot - earlier.boot) : nil
  }
}

/// Tells the moment; tests have clocks of their own.
struct HostClock: Sendable {
  var now: @Sendable () -> HostMoment

  /// The machine's clocks.
  static func system() throws -> HostClock {
    let life = try TextFile.read("/proc/sys/kernel/random/boot_id").filter { $0 != "\n" }
    return HostClock { HostMoment(life: life, boot: nanoseconds, wall: Int64(time(nil))) }
  }

  private static var nanoseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_BOOTTIME, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }
}
