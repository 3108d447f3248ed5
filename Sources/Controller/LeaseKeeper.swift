import Glibc
import Linux
import Quantities
import Store

/// The process that begins, changes and ends leases on time though nobody runs a command: one an installation, alive
/// only while something is leased for a time.
public enum LeaseKeeper {
  /// Starts the keeper where one is needed and none lives; one that lives is told to look again, also when
  /// there is nothing left to keep.
  static func ensure(_ installation: Installation, for state: CloudState) throws {
    let isAlone = try FileLock.tryLock(installation.keeperLockPath) != nil
    if isAlone {
      guard state.records.values.contains(where: { $0.nextEvent(after: .now) != nil || $0.isDue(at: .now) }) else {
        return
      }
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
    while let event = try controller.nextEvent() {
      let now = Timestamp.now
      if event > now {
        try alarm.wait(until: event.seconds)
        // Begins, ends, and what the timeline changes.
        guard Timestamp.now >= event else { continue }
      }
      do { try controller.settle() } catch { try alarm.wait(until: now.seconds + retryPause) }
      if try controller.nextEvent().map({ $0 <= now }) ?? false { try alarm.wait(until: now.seconds + retryPause) }
    }
  }

  /// Seconds between attempts to end what could not be ended.
  private static let retryPause: Int64 = 10
}
