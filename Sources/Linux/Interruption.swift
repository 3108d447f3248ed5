import Glibc

/// Waits for a time, for SIGINT or SIGTERM, and for a key.
public final class Interruption {
  private let signals: ProcessSignals

  /// Takes the signals over until the value is gone.
  public init() throws { signals = try ProcessSignals() }

  /// Waits; true where somebody wants an end: by a signal, or by the key q.
  public func wait(_ duration: Duration, keyboard: Bool) throws -> Bool {
    var watched = [pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)]
    if keyboard { watched.append(pollfd(fd: 0, events: Int16(POLLIN), revents: 0)) }
    let end =
      Clock.monotonic + UInt64(duration.components.seconds) * 1_000_000_000
      + UInt64(duration.components.attoseconds / 1_000_000_000)
    while true {
      let now = Clock.monotonic
      if now >= end { return false }
      let code = poll(&watched, nfds_t(watched.count), Int32(clamping: (end - now) / 1_000_000 + 1))
      if code < 0, errno == EINTR { continue }
      try check(code, "wait for", "signals")
      if watched[0].revents != 0 { return true }
      guard keyboard, watched[1].revents != 0 else { continue }
      var key: UInt8 = 0
      if read(0, &key, 1) <= 0 || key == UInt8(ascii: "q") { return true }
    }
  }
}
