import Glibc
import Linux
import Quantities
import TestSupport
import Testing
import WebServer

/// How servers begin and end.
struct LifetimeTests {
  private static let request = "GET /peer HTTP/1.1\r\nHost: x\r\n\r\n"

  private func serve(_ listeners: [Listener], _ limits: Limits = Limits()) throws -> WebServer {
    try WebServer(listeners: listeners, limits: limits, handler: TestHandler().handle)
  }

  private func code(_ listener: Listener) -> String? {
    do {
      _ = try serve([listener])
      return nil
    } catch { return (error as? Problem)?.code }
  }

  @Test func `a Unix socket tells who connects, and goes with its server`() throws {
    let folder = try TestFolder()
    let path = folder.path + "/api.socket"
    let server = try serve([.unix(path: path, mode: 0o660), .tcp(address: "::1", port: 0, tls: nil)])
    #expect(server.ports[0] == 0 && server.ports[1] != 0)
    var status = stat()
    #expect(lstat(path, &status) == 0 && status.st_mode & 0o777 == 0o660)
    let client = try RawClient(path: path)
    client.send(Self.request)
    #expect(client.answer()?.body == "local \(geteuid()) \(getegid()) \(getpid())")
    server.stop()
    server.stop()
    #expect(client.isClosed(within: 5))
    #expect(lstat(path, &status) != 0)
  }

  @Test func `the socket of a dead server is replaced, that of a living one is not`() throws {
    let folder = try TestFolder()
    let path = folder.path + "/api.socket"
    do {
      // Bound and closed, never removed: what a killed server leaves.
      let dead = Descriptor(owning: socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0))
      let number = dead.rawValue
      var name = sockaddr_un()
      name.sun_family = sa_family_t(AF_UNIX)
      withUnsafeMutableBytes(of: &name.sun_path) { $0.copyBytes(from: Array(path.utf8)) }
      let result = withUnsafePointer(to: name) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          bind(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
        }
      }
      #expect(result == 0)
    }
    let server = try serve([.unix(path: path, mode: 0o600)])
    #expect(code(.unix(path: path, mode: 0o600)) == "socket-in-use")
    let client = try RawClient(path: path)
    client.send(Self.request)
    #expect(client.answer()?.status == 200, "the living one is unharmed")
    server.stop()
  }

  @Test func `addresses that cannot be had are named`() throws {
    let folder = try TestFolder()
    let file = folder.path + "/file"
    _ = try Descriptor(opening: file, O_WRONLY | O_CREAT)
    #expect(code(.unix(path: file, mode: 0o600)) == "not-a-socket")
    #expect(access(file, F_OK) == 0)
    #expect(code(.unix(path: folder.path + "/none/api.socket", mode: 0o600)) == "cannot-listen")
    #expect(code(.unix(path: String(repeating: "a", count: 108), mode: 0o600)) == "socket-path-too-long")
    #expect(code(.tcp(address: "localhost", port: 0, tls: nil)) == "not-an-address")
    let server = try serve([.tcp(address: "127.0.0.1", port: 0, tls: nil)])
    #expect(code(.tcp(address: "127.0.0.1", port: server.ports[0], tls: nil)) == "cannot-listen")
    #expect(code(.inherited(descriptor: -1, tls: nil)) == "cannot-listen")
  }

  @Test func `a server that cannot start leaves nothing`() throws {
    let folder = try TestFolder()
    let path = folder.path + "/api.socket"
    #expect(throws: Problem.self) {
      try serve([.unix(path: path, mode: 0o600), .tcp(address: "nowhere", port: 0, tls: nil)])
    }
    #expect(access(path, F_OK) != 0)
  }

  @Test func `a socket that listens already is served`() throws {
    let listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let result = withUnsafePointer(to: name) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listening, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    #expect(result == 0 && listen(listening, 16) == 0)
    let server = try serve([.inherited(descriptor: listening, tls: nil)])
    let client = try RawClient(port: server.ports[0])
    client.send(Self.request)
    #expect(client.answer()?.body == "remote 127.0.0.1")
    server.stop()
  }

  @Test func `requests under way are answered before the end`() throws {
    let server = try TestServer()
    let client = try RawClient(port: server.port)
    client.send("GET /keep HTTP/1.1\r\nHost: x\r\n\r\n")
    let reply = try #require(server.handler.keptReply())
    let stream = try RawClient(port: server.port)
    stream.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
    let events = try #require(server.handler.keptStream())
    let stopped = Flag()
    let thread = try TestThread {
      server.server.stop()
      stopped.set()
    }
    #expect(eventually { events.isClosed }, "streams end at once")
    #expect(!stopped.isSet)
    reply.send(Response(status: 200))
    let answer = try #require(client.answer())
    #expect(answer.status == 200 && answer.headers["connection"] == "close")
    thread.join()
    #expect(client.isClosed(within: 5) && stream.isClosed(within: 5))
    #expect(throws: SystemError.self) { try RawClient(port: server.port) }
  }

  @Test func `what is not answered in time is cut off`() throws {
    var limits = Limits()
    limits.drainSeconds = 1
    let server = try TestServer(limits)
    let client = try RawClient(port: server.port)
    client.send("GET /keep HTTP/1.1\r\nHost: x\r\n\r\n")
    let reply = try #require(server.handler.keptReply())
    let start = Clock.monotonic
    server.server.stop()
    #expect(Clock.monotonic - start < 5_000_000_000)
    #expect(reply.isGone)
    reply.send(Response(status: 200))
    #expect(client.isClosed(within: 5))
  }

  @Test func `nothing is left of a server`() throws {
    let before = try Leftovers.openDescriptors().count
    var ports: Set<UInt16> = []
    for _ in 0..<200 {
      let server = try TestServer()
      ports.insert(server.port)
      let client = try RawClient(port: server.port)
      client.send(Self.request)
      #expect(client.answer()?.status == 200)
      server.server.stop()
    }
    // Tests beside this one have some open; each server's leak of one would be 200.
    let isClosed = try eventually {
      try Leftovers.openDescriptors().filter { !$0.hasPrefix("socket") }.count < before + 150
    }
    #expect(isClosed)
    #expect(!ServerThreads.names().contains { name in ports.contains { name == "web \($0)" } })
  }
}
