import Glibc
import Linux

extension SystemError {
  /// The packet is larger than the path takes.
  var isTooLong: Bool { errno == EMSGSIZE }

  /// No way there, or nobody answers.
  var isUnreachable: Bool {
    [
      ENETUNREACH, EHOSTUNREACH, EHOSTDOWN, ENETDOWN, ECONNREFUSED, ETIMEDOUT, EINPROGRESS, EALREADY, EAGAIN,
      EADDRNOTAVAIL,
    ].contains(errno)
  }
}

extension SystemError {
  /// The number for an end that stays silent.
  static var noAnswer: Int32 { ETIMEDOUT }
}
