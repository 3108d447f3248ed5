import Glibc
import Linux
import Quantities
import Store

/// The process that ends leases on time though nobody runs a command: one an installation, alive only while
/// something is leased for a time.
public enum LeaseKeeper {
  /// Starts the keeper where one is needed and none lives; one that lives is told to look again, also when
  /// there is nothing left to keep.
  static func ensure(_ installation: Installation, for state: CloudState) throws {
    let isAlone = try FileLock.tryLock(installation.keeperLockPath) != nil
    if isAlone {
      guard state.records.values.contains(where: { $0.standing.ends != nil }) else { return }
      try ProcessRun.detach(
        "/proc/self/exe", ["virtcloud", "lease-keeper", "--state", installation.stateDirectory])
    } else {
      _ = try Descriptor(opening: installation.keeperBellPath, O_WRONLY | O_CREAT | O_TRUNC)
    }
  }

  /// The keeper's life: waits for each end and settles; returns when nothing is leased any more.
  ///
  /// What cannot be ended now (another process holds the machine's resources, say) is tried again later:
  /// a lease that has ended must not outlive a passing fault.
  public static func run(_ installation: Installation) throws {
    guard let lock = try FileLock.tryLock(installation.keeperLockPath) else { return }
    defer { withExtendedLifetime(lock) {} }
    try TextFile.write("/proc/self/comm", "vc-lease")
    let alarm = try Alarm(watching: installation.runDirectory)
    let controller = try Controller(installation)
    while let end = try controller.nextExpiry() {
      let now = Int64(time(nil))
      if end > now {
        try alarm.wait(until: end)
      } else {
        do { try controller.expire() } catch { try alarm.wait(until: now + retryPause) }
      }
    }
  }

  /// Seconds between attempts to end what could not be ended.
  private static let retryPause: Int64 = 10
}
