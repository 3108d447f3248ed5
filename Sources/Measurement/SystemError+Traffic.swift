import Glibc
import Linux

extension SystemError {
  /// The packet is larger than the path takes.
  var isTooLong: Bool { errno == EMSGSIZE }

  /// The address is of no interface of the socket's namespace.
  var isNotOwned: Bool { errno == EADDRNOTAVAIL }

  /// No way there, or nobody answers.
  var isUnreachable: Bool {
    [
      ENETUNREACH, EHOSTUNREACH, EHOSTDOWN, ENETDOWN, ECONNREFUSED, ETIMEDOUT, EINPROGRESS, EALREADY, EAGAIN,
    ].contains(errno)
  }
}

extension SystemError {
  /// The number for an end that stays silent.
  static var noAnswer: Int32 { ETIMEDOUT }
}
