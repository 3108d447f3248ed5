import Glibc
import Linux
import Testing
import WebServer

/// Clients that take their time.
struct SlowTests {
  private func server() throws -> TestServer {
    var limits = Limits()
    (limits.requestSeconds, limits.idleSeconds) = (1, 4)
    return try TestServer(limits)
  }

  @Test(arguments: ["", "GET / HT"])
  func `whoever begins no request is closed`(text: String) throws {
    let server = try server()
    let client = try RawClient(port: server.port)
    client.send(text)
    #expect(client.isClosed(within: 4))
  }

  @Test(arguments: [
    "GET / HTTP/1.1\r\nHost: x\r\n", "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc",
    "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n",
  ])
  func `half a request gets 408 in time`(text: String) throws {
    let server = try server()
    let client = try RawClient(port: server.port)
    client.send(text)
    var answer = client.answer(seconds: 4)
    if answer?.status == 100 { answer = client.answer(seconds: 4) }
    #expect(answer?.status == 408 && answer?.code == "request-too-slow")
    #expect(client.isClosed(within: 4))
  }

  @Test func `byte after byte does not help`() throws {
    let server = try server()
    let client = try RawClient(port: server.port)
    let start = Clock.monotonic
    while client.send("G"), Clock.monotonic - start < 8_000_000_000 { usleep(100_000) }
    #expect(Clock.monotonic - start < 6_000_000_000)
  }

  @Test func `a connection may idle between requests, but not begin one slowly`() throws {
    let server = try server()
    let client = try RawClient(port: server.port)
    for _ in 0..<2 {
      client.send("GET /x HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(client.answer()?.status == 200)
      usleep(2_500_000)
    }
    let start = Clock.monotonic
    while client.send("G"), Clock.monotonic - start < 8_000_000_000 { usleep(100_000) }
    #expect(Clock.monotonic - start < 6_000_000_000)
  }

  @Test func `an idle connection is closed in the end`() throws {
    let server = try server()
    let client = try RawClient(port: server.port)
    client.send("GET /x HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(client.answer()?.status == 200)
    let start = Clock.monotonic
    #expect(client.isClosed(within: 10))
    #expect(Clock.monotonic - start > 2_500_000_000)
  }

  @Test func `an answer may take longer than a request`() throws {
    let server = try server()
    let client = try RawClient(port: server.port)
    client.send("GET /keep HTTP/1.1\r\nHost: x\r\n\r\n")
    let reply = try #require(server.handler.keptReply())
    sleep(5)
    #expect(!reply.isGone)
    reply.send(Response(status: 200))
    #expect(client.answer()?.status == 200)
  }

  @Test func `who reads slowly does not keep others waiting`() throws {
    let server = try server()
    let slow = try (0..<20).map { _ in try RawClient(port: server.port) }
    for client in slow { client.send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n") }
    let client = try RawClient(port: server.port)
    for _ in 0..<10 {
      let start = Clock.monotonic
      client.send("GET /x HTTP/1.1\r\nHost: x\r\n\r\n")
      #expect(client.answer()?.status == 200)
      #expect(Clock.monotonic - start < 1_000_000_000)
    }
    #expect(slow[0].answer()?.body.utf8.count == 8 << 20)
  }
}
