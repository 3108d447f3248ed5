import Glibc
import Linux

/// A client that sends what it is told, byte for byte, and reads what comes.
final class RawClient {
  private let socket: Descriptor
  /// Bytes that were read and not yet asked for.
  private var waiting: [UInt8] = []

  init(port: UInt16) throws {
    socket = Descriptor(
      owning: try check(Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0), "make", "socket")
    )
    var name = sockaddr_in()
    (name.sin_family, name.sin_port) = (sa_family_t(AF_INET), port.bigEndian)
    name.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    try Self.connect(socket.rawValue, name, to: "port \(port)")
  }

  init(path: String) throws {
    socket = Descriptor(
      owning: try check(Glibc.socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0), "make", "socket")
    )
    var name = sockaddr_un()
    name.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
    try Self.connect(socket.rawValue, name, to: path)
  }

  private static func connect<Name>(_ socket: Int32, _ name: Name, to object: String) throws {
    let result = withUnsafePointer(to: name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(socket, $0, socklen_t(MemoryLayout<Name>.size))
      }
    }
    try check(result, "connect", object)
  }

  /// Sends everything; false where the server does not take it.
  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes[sent...].withUnsafeBytes {
        Glibc.send(socket.rawValue, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  func finishSending() { _ = shutdown(socket.rawValue, Int32(SHUT_WR)) }

  /// Reads until `isEnough`, or the server closes; nil where neither happens in time.
  func read(seconds: Int = 10, until isEnough: ([UInt8]) -> Bool) -> (bytes: [UInt8], isClosed: Bool)? {
    let end = Clock.monotonic + UInt64(seconds) * 1_000_000_000
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while !isEnough(waiting) {
      let now = Clock.monotonic
      var poll = pollfd(fd: socket.rawValue, events: Int16(POLLIN), revents: 0)
      guard now < end, Glibc.poll(&poll, 1, Int32((end - now) / 1_000_000) + 1) > 0 else { return nil }
      let count = recv(socket.rawValue, &buffer, buffer.count, 0)
      guard count > 0 else {
        defer { waiting = [] }
        return (waiting, true)
      }
      waiting += buffer.prefix(count)
    }
    defer { waiting = [] }
    return (waiting, false)
  }

  /// Reads one answer with a `Content-Length`, and keeps what follows; nil where none comes in time.
  func answer(seconds: Int = 10, isHead: Bool = false) -> Answer? {
    guard let (bytes, _) = read(seconds: seconds, until: { Answer.size(of: $0, isHead: isHead) != nil }),
      let size = Answer.size(of: bytes, isHead: isHead)
    else { return nil }
    waiting = Array(bytes[size...])
    return Answer(Array(bytes[..<size]))
  }

  /// Whether the server closes; what it says before does not matter.
  func isClosed(within seconds: Int) -> Bool {
    read(seconds: seconds, until: { _ in false }) != nil
  }
}
