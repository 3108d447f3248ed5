import FoundationEssentials
import Glibc
import Linux

/// What the keeper says of all ends; a file (0600) that it replaces whenever something changes.
public struct TunnelReport: Codable, Hashable, Sendable {
  /// The keeper's process.
  public var keeper: Int32
  /// Sorted by identity.
  public var tunnels: [TunnelStatus]
  /// Why the wanted list could not be followed; what ran before goes on.
  public var problem: String?

  /// Reads the report; nil where no keeper lives, whatever a killed one has left behind.
  public static func read(_ places: TunnelPlaces) throws -> TunnelReport? {
    do {
      let text = try TextFile.read(places.report)
      let report = try JSONDecoder().decode(TunnelReport.self, from: Data(text.utf8))
      // Number, name in brackets, and a state, which is `Z` once the process has ended (proc_pid_stat(5)).
      let process = try TextFile.read("/proc/\(report.keeper)/stat")
      let mark = "\(report.keeper) (\(TunnelKeeper.processName)) "
      return process.hasPrefix(mark) && !process.hasPrefix(mark + "Z") ? report : nil
    } catch let error as SystemError where error.isNotFound {
      return nil
    }
  }

  /// Waits until a report is as the caller wants it, or the time is up; blocks the thread.
  ///
  /// - Returns: the last report; nil where no keeper lives (which `isDone` may want, too).
  public static func wait(
    _ places: TunnelPlaces, for limit: Duration, until isDone: (TunnelReport?) -> Bool
  ) throws -> TunnelReport? {
    let end = ContinuousClock.now + limit
    try PrivateFile.makeFolders(places.folder)
    let watch = try FolderWatch(places.folder)
    while true {
      let report = try read(places)
      if isDone(report) { return report }
      let left = end - .now
      guard left > .zero else { return report }
      // A keeper that is killed writes nothing; it is looked for once a second.
      var events = [pollfd(fd: watch.descriptor.rawValue, events: Int16(POLLIN), revents: 0)]
      let count = poll(&events, 1, min(left, .seconds(1)).milliseconds)
      if count < 0, errno == EINTR { continue }
      try check(count, "wait for", places.report)
      if count > 0 { _ = try watch.changedNames() }
    }
  }
}
