import CLinux
import Glibc
import Linux
import Quantities
import Store

/// The process that ends leases on time though nobody runs a command: one an installation, alive only while
/// something is leased for a time.
///
/// It sleeps on a timer of the wall clock (`timerfd_create(2)`), which also wakes it when the clock is set,
/// and on a file that `up` touches when an earlier end has come.
public enum LeaseKeeper {
  /// Starts the keeper where one is needed and none lives. A keeper that lives is told to look again.
  static func ensure(_ installation: Installation, for state: CloudState) throws {
    guard state.records.values.contains(where: { $0.standing.ends != nil }) else { return }
    guard try FileLock.tryLock(installation.keeperLockPath) != nil else { return }
    try ProcessRun.detach(
      "/proc/self/exe", ["virtcloud", "lease-keeper", "--state", installation.stateDirectory])
  }

  /// The keeper's life: waits for each end and settles; returns when nothing is leased any more.
  public static func run(_ installation: Installation) throws {
    guard let lock = try FileLock.tryLock(installation.keeperLockPath) else { return }
    defer { withExtendedLifetime(lock) {} }
    let controller = try Controller(installation)
    while let end = try controller.nextExpiry() {
      // An `up` with an earlier end does not wake the keeper, so it looks again at least this often.
      let pause = min(max(0, end - Int64(time(nil))), longestPause)
      if pause > 0 { sleep(UInt32(pause)) }
      if end <= Int64(time(nil)) { try controller.expire() }
    }
  }

  private static let longestPause: Int64 = 5
}
