import Glibc
import Linux
import Quantities

/// A socket that listens, and the file of a Unix socket as long as it is the server's own.
struct ListeningSocket: ~Copyable {
  private static let backlog: Int32 = 4096

  let descriptor: Descriptor
  /// 0 for a Unix socket.
  let port: UInt16
  private let file: UnixSocketFile?

  init(_ listener: Listener) throws(Problem) {
    do {
      switch listener {
      case .unix(let path, let mode): try self.init(path: path, mode: mode)
      case .tcp(let address, let port, _): try self.init(address: address, port: port)
      case .inherited(let number, _): try self.init(inherited: number)
      }
    } catch let error as SystemError {
      throw Problem(
        error.isNotPermitted ? .notPermitted : .failed, "cannot-listen", "\(error)",
        remedy: "Free the address, or listen on another one.")
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem(.failed, "cannot-listen", "\(error)", remedy: "Listen on another address.")
    }
  }

  private init(path: String, mode: UInt16) throws {
    let made = Descriptor(owning: try check(socket(AF_UNIX, Self.kind, 0), "make socket", path))
    let file = try UnixSocketFile(binding: made.rawValue, path: path, mode: mode)
    try check(listen(made.rawValue, Self.backlog), "listen on", path)
    self.init(consume made, port: 0, file: file)
  }

  private init(address: String, port: UInt16) throws {
    guard let name = SocketAddress(address: address, port: port) else {
      throw Problem(
        .invalid, "not-an-address", "'\(address)' is not a numeric IPv4 or IPv6 address.",
        remedy: "Give an address such as 127.0.0.1, 0.0.0.0 or ::.")
    }
    let made = Descriptor(owning: try check(socket(name.family, Self.kind, 0), "make socket", address))
    let number = made.rawValue
    var on: Int32 = 1
    let size = socklen_t(MemoryLayout<Int32>.size)
    // Connections of a server that has just ended do not keep its port.
    try check(setsockopt(number, SOL_SOCKET, SO_REUSEADDR, &on, size), "reuse", "\(address):\(port)")
    try check(name.withPointer { bind(number, $0, $1) }, "listen on", "\(address):\(port)")
    try check(listen(number, Self.backlog), "listen on", "\(address):\(port)")
    self.init(consume made, port: SocketAddress(localOf: number)?.port ?? port, file: nil)
  }

  private init(inherited number: Int32) throws {
    let flags = try check(fcntl(number, F_GETFL), "take over socket", "\(number)")
    try check(fcntl(number, F_SETFL, flags | O_NONBLOCK), "take over socket", "\(number)")
    try check(fcntl(number, F_SETFD, FD_CLOEXEC), "take over socket", "\(number)")
    var listens: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    guard getsockopt(number, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) == 0, listens != 0 else {
      throw Problem(
        .invalid, "not-a-listening-socket", "Descriptor \(number) is not a socket that listens.",
        remedy: "Pass a listening stream socket.")
    }
    self.init(Descriptor(owning: number), port: SocketAddress(localOf: number)?.port ?? 0, file: nil)
  }

  private init(_ descriptor: consuming Descriptor, port: UInt16, file: UnixSocketFile?) {
    self.descriptor = descriptor
    (self.port, self.file) = (port, file)
  }

  private static var kind: Int32 {
    Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
  }

  /// Stops listening; a Unix socket's file goes first, so that nobody connects to what nobody accepts.
  consuming func close() { file?.remove() }
}
