import Glibc

/// The one owner of a file descriptor: closed when the value's life ends, never passed on by `execve(2)`.
public struct Descriptor: ~Copyable, Sendable {
  /// The descriptor's number, valid as long as this value lives.
  public let rawValue: Int32

  /// Takes over an open descriptor, which must be close-on-exec already.
  public init(owning rawValue: Int32) {
    self.rawValue = rawValue
  }

  /// Opens a file (`open(2)`); `O_CLOEXEC` is always added.
  public init(opening path: String, _ flags: Int32, mode: mode_t = 0o600) throws(SystemError) {
    rawValue = try check(open(path, flags | O_CLOEXEC, mode), "open", path)
  }

  deinit {
    // Nothing can be done about an error here: Linux has released the number even then (close(2)).
    _ = close(rawValue)
  }

  /// A second descriptor for the same open file (`F_DUPFD_CLOEXEC`, `fcntl(2)`).
  public func duplicate() throws(SystemError) -> Descriptor {
    Descriptor(owning: try check(fcntl(rawValue, F_DUPFD_CLOEXEC, 0), "duplicate descriptor", "\(rawValue)"))
  }

  /// Gives up ownership: the caller closes the number.
  public consuming func release() -> Int32 {
    let number = rawValue
    discard self
    return number
  }
}
