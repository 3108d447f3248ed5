import CSystemd
import Glibc

/// What this process tells the service manager that started it (`sd_notify(3)`), and what it asked for
/// (`sd_watchdog_enabled(3)`).
///
/// Where no manager listens (`NOTIFY_SOCKET` is not set) every message goes nowhere and nothing is thrown. Messages
/// may be sent from any thread.
public struct ServiceManager: Sendable {
  /// How long the manager waits for a sign of life before it ends this process (`WatchdogSec=`); nil where it does
  /// not wait. Signs are best sent after half of it.
  public let watchdogInterval: Duration?

  /// Reads what the environment says; `listeners()` is to be asked beside it.
  public init() throws(SystemError) {
    var microseconds: UInt64 = 0
    let isEnabled = try Self.check(sd_watchdog_enabled(0, &microseconds), "read", "WATCHDOG_USEC")
    watchdogInterval = isEnabled > 0 ? .microseconds(Int64(clamping: microseconds)) : nil
  }

  /// The service has begun, or goes on after `reloading`: it answers from now on (`READY=1`).
  public func ready(status: String) throws(SystemError) { try send("READY=1\n" + Self.line(status)) }

  /// The service reads its configuration again and says `ready` when it is done (`RELOADING=1`).
  public func reloading() throws(SystemError) {
    // Type=notify-reload tells by the time whether the message is an answer to its signal.
    try send("RELOADING=1\nMONOTONIC_USEC=\(Clock.monotonic / 1000)\n")
  }

  /// The service is about to end (`STOPPING=1`).
  public func stopping() throws(SystemError) { try send("STOPPING=1\n") }

  /// What the service is doing, for people (`STATUS=`): shown by `systemctl status`.
  public func status(_ text: String) throws(SystemError) { try send(Self.line(text)) }

  /// A sign of life (`WATCHDOG=1`), due at least once in `watchdogInterval`.
  public func alive() throws(SystemError) { try send("WATCHDOG=1\n") }

  /// One message has one assignment a line: what breaks lines would begin a second one.
  private static func line(_ status: String) -> String {
    "STATUS=" + String(status.map { $0.isNewline ? " " : $0 }) + "\n"
  }

  private func send(_ message: String) throws(SystemError) {
    try Self.check(sd_notify(0, message), "notify", "the service manager")
  }

  /// libsystemd gives the error number, negative, as the result.
  @discardableResult
  static func check(_ result: Int32, _ operation: String, _ object: String) throws(SystemError) -> Int32 {
    guard result < 0 else { return result }
    throw SystemError(operation: operation, object: object, errno: -result)
  }
}
