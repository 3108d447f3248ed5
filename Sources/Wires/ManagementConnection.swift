import Glibc
import Linux

/// What a process tells over its management connection (`management-notes.txt` of OpenVPN).
final class ManagementConnection {
  let descriptor: Descriptor
  /// Who connected.
  let process: pid_t
  private var buffer = LineBuffer()

  /// Accepts the connection that waits at a listening socket, and asks for the state and all its changes.
  ///
  /// Nil where it went away in the meantime.
  init?(acceptingAt listener: borrowing Descriptor, _ path: String) throws(SystemError) {
    let number = accept(listener.rawValue, nil, nil)
    if number < 0, [EAGAIN, ECONNABORTED, EINTR].contains(errno) { return nil }
    descriptor = Descriptor(owning: try check(number, "accept at", path))
    try check(fcntl(number, F_SETFD, FD_CLOEXEC), "accept at", path)
    try check(fcntl(number, F_SETFL, O_NONBLOCK), "accept at", path)
    // struct ucred: process, user and group (unix(7)); only GNU sources see it.
    var credentials: (pid_t, uid_t, gid_t) = (0, 0, 0)
    var length = socklen_t(MemoryLayout.size(ofValue: credentials))
    try check(getsockopt(number, SOL_SOCKET, SO_PEERCRED, &credentials, &length), "ask who connected to", path)
    process = credentials.0
    let request = "state on all\n"
    // A peer that is gone already is seen by its end of file.
    _ = send(number, request, request.utf8.count, Int32(MSG_NOSIGNAL))
  }

  /// Reads what has come: the names of the states; nil at the end of the connection.
  func states() -> [String]? {
    var bytes = [UInt8](repeating: 0, count: 4096)
    var found: [String] = []
    while true {
      let count = read(descriptor.rawValue, &bytes, bytes.count)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return found }
      // End of file, or the peer's reset: gone either way.
      if count <= 0 { return nil }
      found += buffer.add(bytes.prefix(count)).compactMap(Self.state)
    }
  }

  /// `CONNECTED` of `>STATE:1700000000,CONNECTED,SUCCESS,…`, and of the same without `>STATE:` in a history.
  static func state(in line: String) -> String? {
    let text = line.hasPrefix(">STATE:") ? line.dropFirst(7) : line[...]
    let fields = text.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false)
    guard fields.count == 3, !fields[0].isEmpty, fields[0].allSatisfy(\.isNumber),
      fields[1].allSatisfy({ $0.isUppercase || $0 == "_" })
    else { return nil }
    return String(fields[1])
  }
}
