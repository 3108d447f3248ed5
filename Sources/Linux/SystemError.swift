import Glibc

/// A system call or netlink request that the kernel refused.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was tried, such as `create veth` or `unshare`.
  public var operation: String
  /// The object's name, such as an interface, a path or a namespace.
  public var object: String
  /// The error number, positive (`errno(3)`).
  public var errno: Int32
  /// The kernel's own words, where it gave some (`NLMSGERR_ATTR_MSG`, `netlink(7)`).
  public var kernelMessage: String?

  public init(operation: String, object: String, errno: Int32, kernelMessage: String? = nil) {
    self.operation = operation
    self.object = object
    self.errno = errno
    self.kernelMessage = kernelMessage
  }

  /// One line: operation, object, the error's text, and the kernel's own message.
  public var description: String {
    let text = "\(operation) \(object): \(Self.text(of: errno))"
    return kernelMessage.map { "\(text) (\($0))" } ?? text
  }

  /// `EEXIST`: the object is there already.
  public var isExists: Bool { errno == EEXIST }
  /// The object is not there: `ENOENT`, `ENODEV`, `ENXIO`, `ESRCH` or `EADDRNOTAVAIL`.
  public var isNotFound: Bool { [ENOENT, ENODEV, ENXIO, ESRCH, EADDRNOTAVAIL].contains(errno) }
  /// `EPERM` or `EACCES`.
  public var isNotPermitted: Bool { errno == EPERM || errno == EACCES }
  /// The kernel lacks the feature: `EOPNOTSUPP`, `ENOSYS`, `EPROTONOSUPPORT` or `EAFNOSUPPORT`.
  public var isNotSupported: Bool { [EOPNOTSUPP, ENOSYS, EPROTONOSUPPORT, EAFNOSUPPORT].contains(errno) }
  /// `EBUSY`.
  public var isBusy: Bool { errno == EBUSY }

  /// The text of an error number (`strerror_r(3)`, thread-safe).
  static func text(of errno: Int32) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
      guard let base = buffer.baseAddress else { return "error \(errno)" }
      base.initialize(repeating: 0, count: buffer.count)
      return strerror_r(errno, base, buffer.count) == 0 ? String(cString: base) : "error \(errno)"
    }
  }
}

/// Turns a system call's -1 into an error; `errno` is read at once.
///
/// - Returns: `result` where it is not negative.
@discardableResult
public func check<Result: SignedInteger>(
  _ result: Result, _ operation: @autoclosure () -> String, _ object: @autoclosure () -> String
) throws(SystemError) -> Result {
  guard result < 0 else { return result }
  let code = errno
  throw SystemError(operation: operation(), object: object(), errno: code)
}
