import Glibc
import Linux
import Testing
import WebServer

/// Answers that are written while they are read.
struct StreamTests {
  private static let request = "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n"

  private func has(_ text: String) -> ([UInt8]) -> Bool {
    { String(decoding: $0, as: UTF8.self).range(of: text) != nil }
  }

  @Test func `bytes come when they are written`() throws {
    let server = try TestServer()
    let client = try RawClient(port: server.port)
    client.send(Self.request)
    let stream = try #require(server.handler.keptStream())
    for number in 0..<5 {
      let start = Clock.monotonic
      #expect(stream.write(Array("data: \(number)\n\n".utf8)))
      #expect(client.read(until: has("data: \(number)\n\n"))?.isClosed == false)
      #expect(Clock.monotonic - start < 2_000_000_000)
    }
    let closed = Flag()
    stream.onClose { closed.set() }
    stream.finish()
    #expect(!stream.write([0x61]))
    #expect(client.read(until: has("0\r\n\r\n"))?.isClosed == false)
    #expect(eventually { closed.isSet && stream.isClosed })
    client.send("GET /x HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(client.answer()?.status == 200, "the connection goes on")
  }

  @Test func `a client that does not read is cut off, and nobody waits for it`() throws {
    var limits = Limits()
    limits.streamBytes = 1 << 16
    let server = try TestServer(limits)
    let client = try RawClient(port: server.port)
    client.send(Self.request)
    let stream = try #require(server.handler.keptStream())
    let closed = Flag()
    stream.onClose { closed.set() }
    let bytes = [UInt8](repeating: 0x61, count: 8192)
    // The kernel's buffers hold a few MiB; slower than this the server would have time to send.
    let count = (0..<20_000).first { _ in !stream.write(bytes) }
    #expect(count != nil)
    #expect(eventually { closed.isSet })
    #expect(!stream.write(bytes))
    #expect(client.isClosed(within: 5))
  }

  @Test func `a client that leaves closes its stream`() throws {
    let server = try TestServer()
    let closed = Flag()
    do {
      let client = try RawClient(port: server.port)
      client.send(Self.request)
      let stream = try #require(server.handler.keptStream())
      stream.onClose { closed.set() }
      stream.write(Array("data: first\n\n".utf8))
      #expect(client.read(until: has("first")) != nil)
    }
    #expect(eventually { closed.isSet })
  }

  @Test func `what is written before the answer is sent comes first`() throws {
    let stream = EventStream()
    stream.write(Array("one ".utf8))
    let server = try WebServer(listeners: [.tcp(address: "127.0.0.1", port: 0, tls: nil)]) { _, reply in
      reply.send(Response(status: 200, body: stream))
    }
    let client = try RawClient(port: server.ports[0])
    client.send(Self.request)
    stream.write(Array("two".utf8))
    stream.finish()
    let text = try #require(client.read(until: has("0\r\n\r\n")).map { String(decoding: $0.bytes, as: UTF8.self) })
    #expect(text.range(of: "one ") != nil && text.range(of: "two") != nil)
    client.send(Self.request)
    #expect(client.answer()?.code == "bad-answer", "a stream answers one request")
  }

  @Test func `streams without news outlive every limit and cost no processor`() throws {
    var limits = Limits()
    (limits.idleSeconds, limits.requestSeconds) = (1, 1)
    let server = try TestServer(limits)
    let clients = try (0..<50).map { _ in try RawClient(port: server.port) }
    for client in clients { client.send(Self.request) }
    let streams = try clients.map { _ in try #require(server.handler.keptStream()) }
    let before = try #require(ServerThreads.ticks(ofPort: server.port))
    sleep(3)
    let ticks = try #require(ServerThreads.ticks(ofPort: server.port)) - before
    #expect(ticks < 20, "\(ticks) of 300 ticks in 3 seconds")
    for stream in streams { #expect(stream.write(Array("data: late\n\n".utf8))) }
    for client in clients { #expect(client.read(until: has("late"))?.isClosed == false) }
  }
}
