import Glibc
import Linux
import Synchronization
import Testing

/// A server for tests: a thread for each connection, answers as its closure writes them.
final class SmallServer: Sendable {
  /// What came: the lines of the head, and the body by its Content-Length.
  struct Request: Sendable {
    var head: [String]
    var body: [UInt8]
    var line: String { head.first ?? "" }

    func header(_ name: String) -> String? {
      head.first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
        .map { String($0.dropFirst(name.count + 1).drop { $0 == " " }) }
    }
  }

  /// One accepted connection.
  struct Connection: Sendable {
    var descriptor: Int32

    /// False where the client has gone.
    @discardableResult func write(_ text: String) -> Bool {
      var bytes = Array(text.utf8)[...]
      while !bytes.isEmpty {
        let count = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        if count <= 0 { return false }
        bytes = bytes.dropFirst(count)
      }
      return true
    }

    @discardableResult func answer(_ status: String = "200 OK", _ body: String = "", headers: [String] = []) -> Bool {
      let extra = headers.map { $0 + "\r\n" }.joined()
      return write("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\(extra)\r\n\(body)")
    }
  }

  /// `http://127.0.0.1:PORT`, or nothing on a socket.
  let url: String
  private let listener: Int32
  private let count = Counter()

  /// How many connections were accepted.
  var connections: Int { count.value }

  /// `handle` answers one request; false closes the connection.
  init(unix path: String? = nil, _ handle: @escaping @Sendable (Request, Connection) -> Bool) throws {
    (listener, url) = try path.map(Self.bound) ?? Self.loopback()
    try check(listen(listener, 1024), "listen", url)
    try TestThread.start { [listener, count] in
      while true {
        let descriptor = accept(listener, nil, nil)
        if descriptor < 0 { return }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        count.add()
        do {
          try TestThread.start {
            let connection = Connection(descriptor: descriptor)
            while let request = Self.read(descriptor), handle(request, connection) {}
            close(descriptor)
          }
        } catch {
          close(descriptor)
        }
      }
    }
  }

  /// Ends the listening; open connections end with their clients.
  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  private static func bound(to path: String) throws -> (Int32, String) {
    let listener = try check(socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0), "socket", path)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    try withUnsafePointer(to: &address) {
      try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = try check(bind(listener, $0, size), "bind", path) }
    }
    return (listener, "")
  }

  private static func loopback() throws -> (Int32, String) {
    let listener = try check(
      socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0), "socket", "loopback")
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    try withUnsafeMutablePointer(to: &address) {
      try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = try check(bind(listener, $0, size), "bind", "loopback")
        _ = try check(getsockname(listener, $0, &size), "name", "loopback")
      }
    }
    return (listener, "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))")
  }

  private static func read(_ descriptor: Int32) -> Request? {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    var end: Int?
    while end == nil {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count <= 0 { return nil }
      bytes += chunk.prefix(count)
      end = bytes.count < 4 ? nil : (3..<bytes.count).first { bytes[($0 - 3)...$0].elementsEqual([13, 10, 13, 10]) }
    }
    guard let end else { return nil }
    let head = String(decoding: bytes[...end], as: UTF8.self).split(separator: "\r\n").map(String.init)
    var request = Request(head: head, body: Array(bytes[(end + 1)...]))
    let length = request.header("content-length").flatMap { Int($0) } ?? 0
    while request.body.count < length {
      let count = recv(descriptor, &chunk, chunk.count, 0)
      if count <= 0 { return nil }
      request.body += chunk.prefix(count)
    }
    return request
  }
}

/// A number that threads share.
final class Counter: Sendable {
  private let number = Mutex(0)
  var value: Int { number.withLock { $0 } }
  func add() { number.withLock { $0 += 1 } }
}

/// Plain threads for tests.
enum TestThread {
  private final class Job: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  static func start(_ body: @escaping @Sendable () -> Void) throws {
    var thread = pthread_t()
    let job = Unmanaged.passRetained(Job(body))
    let code = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<Job>.fromOpaque(argument).takeRetainedValue().body() }
        return nil
      }, job.toOpaque())
    try #require(code == 0)
    pthread_detach(thread)
  }

  /// Waits for a condition, looking every millisecond; false after `seconds`.
  static func wait(_ seconds: Double = 10, _ condition: () -> Bool) -> Bool {
    let end = Clock.monotonic + UInt64(seconds * 1e9)
    while !condition() {
      if Clock.monotonic > end { return false }
      usleep(1000)
    }
    return true
  }
}
