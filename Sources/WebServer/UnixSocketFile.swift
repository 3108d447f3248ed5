import Glibc
import Linux
import Quantities

/// The file of a Unix socket that this server made.
struct UnixSocketFile {
  let path: String
  private let device: dev_t
  private let inode: ino_t

  /// Binds a socket to a path; the file of a server that is dead is replaced.
  init(binding descriptor: Int32, path: String, mode: UInt16) throws {
    guard let name = SocketAddress(path: path) else {
      throw Problem(
        .invalid, "socket-path-too-long", "'\(path)' is no path for a Unix socket.",
        remedy: "Give a path of 1 to 107 bytes.")
    }
    try Self.makeRoom(at: path, name)
    // The file is made with the socket's own mode (unix_bind in the kernel): never wider than asked for.
    try check(fchmod(descriptor, mode_t(mode)), "set mode of", path)
    try check(name.withPointer { bind(descriptor, $0, $1) }, "listen on", path)
    try check(chmod(path, mode_t(mode)), "set mode of", path)
    var status = stat()
    try check(lstat(path, &status), "read", path)
    (self.path, device, inode) = (path, status.st_dev, status.st_ino)
  }

  /// Removes the file, unless somebody has put another one there.
  func remove() {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_dev == device, status.st_ino == inode else { return }
    // Gone already is what was wanted.
    _ = unlink(path)
  }

  private static func makeRoom(at path: String, _ name: SocketAddress) throws {
    var status = stat()
    guard lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFSOCK else {
      throw Problem(
        .refused, "not-a-socket", "'\(path)' is there and is no socket.", remedy: "Move it, or listen elsewhere.")
    }
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let probe = Descriptor(owning: try check(socket(AF_UNIX, kind, 0), "make socket", path))
    let result = name.withPointer { connect(probe.rawValue, $0, $1) }
    let code = result == 0 ? 0 : errno
    guard code == ECONNREFUSED else {
      throw Problem(
        .failed, "socket-in-use", "A server listens on '\(path)' already.",
        remedy: "Use that one, stop it, or listen elsewhere.")
    }
    try check(unlink(path), "remove", path)
  }
}
