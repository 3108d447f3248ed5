import Glibc
import Linux
import Quantities

/// A listening Unix socket that only root may connect to.
enum UnixListener {
  /// Makes the socket at a path; a socket that a killed process left there is replaced.
  ///
  /// Throws `SystemError`, or `tunnel-path-too-long`: `sun_path` has room for 107 octets (`unix(7)`).
  static func make(_ path: String) throws -> Descriptor {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw Problem(
        .invalid, "tunnel-path-too-long", "The path '\(path)' is too long for a socket.",
        remedy: "Choose a run directory with a shorter path.")
    }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let socket = Descriptor(owning: try check(Glibc.socket(AF_UNIX, kind, 0), "make socket", path))
    try PrivateFile.removeFile(path)
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let bound = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket.rawValue, $0, length) }
    }
    try check(bound, "bind", path)
    try check(chmod(path, 0o600), "set mode of", path)
    try check(listen(socket.rawValue, 1024), "listen at", path)
    return socket
  }
}
