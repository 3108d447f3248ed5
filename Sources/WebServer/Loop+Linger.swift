import CWeb
import Glibc
import Linux

/// Connections that were refused while their client was still sending.
///
/// Closing a socket with unread bytes makes the kernel reset the connection, which may destroy the answer before the
/// client has read it (RFC 9112, section 9.6). So a second descriptor keeps the socket open for a moment, and what
/// comes is thrown away.
final class Lingering {
  static let milliseconds: Int64 = 2000
  static let bytes = 64 << 20

  let descriptor: Descriptor
  let until: Int64
  var count = 0

  init(_ descriptor: consuming Descriptor, until: Int64) {
    self.descriptor = descriptor
    self.until = until
  }
}

extension Loop {
  /// Called while libmicrohttpd is about to close the connection.
  func linger(_ connection: Connection) {
    guard drainsUntil == nil, lingering.count < 256 else { return }
    let copy = fcntl(connection.descriptor, F_DUPFD_CLOEXEC, 0)
    guard copy >= 0 else { return }
    lingering[connection.number] = Lingering(Descriptor(owning: copy), until: now + Lingering.milliseconds)
    var event = epoll_event(events: EPOLLIN.rawValue, data: epoll_data(u64: connection.number))
    if epoll_ctl(epoll.rawValue, EPOLL_CTL_ADD, copy, &event) != 0 { lingering[connection.number] = nil }
  }

  /// Throws away what has come; closes once the client has finished, or has sent too much.
  func drain(_ number: UInt64) {
    guard let rest = lingering[number] else { return }
    let count = withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { buffer in
      read(rest.descriptor.rawValue, buffer.baseAddress, buffer.count)
    }
    if count < 0, errno == EAGAIN || errno == EINTR { return }
    rest.count += max(0, count)
    if count <= 0 || rest.count > Lingering.bytes { lingering[number] = nil }
  }

  func endLingering() {
    for (number, rest) in lingering where rest.until <= now { lingering[number] = nil }
  }
}
