import Glibc
import Linux
import Testing
import WebServer

/// Requests as decent clients send them.
struct ServingTests {
  @Test func `a request reaches the handler whole`() throws {
    let server = try TestServer()
    let client = try RawClient(port: server.port)
    client.send("PUT /a/b%20c?d=e&f HTTP/1.1\r\nHost: x\r\nX-Test: one\r\nContent-Length: 3\r\n\r\nabc")
    let answer = try #require(client.answer())
    #expect(answer.status == 200)
    #expect(answer.headers["x-answer"] == "yes")
    #expect(answer.body == #"PUT ["a", "b c"] [d=e&f=] 3 one"#)
  }

  @Test func `a connection serves many requests, also those sent ahead of their answers`() throws {
    let server = try TestServer()
    let client = try RawClient(port: server.port)
    for _ in 0..<3 {
      client.send(
        "GET /connection HTTP/1.1\r\nHost: x\r\n\r\nPOST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\nhi"
          + "GET /keep HTTP/1.1\r\nHost: x\r\n\r\n")
    }
    var numbers: Set<String> = []
    for _ in 0..<3 {
      numbers.insert(try #require(client.answer()).body)
      #expect(client.answer()?.body == "hi")
      try #require(server.handler.keptReply()).send(Response(status: 202))
      #expect(client.answer()?.status == 202)
    }
    #expect(numbers.count == 1)
  }

  @Test func `chunks and Expect work`() throws {
    let server = try TestServer()
    let client = try RawClient(port: server.port)
    client.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: u\r\n\r\n"
    )
    #expect(client.answer()?.body == "abcde")
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
    #expect(client.answer()?.status == 100)
    client.send("abc")
    #expect(client.answer()?.body == "abc")
  }

  @Test func `HEAD has a length and no body, not even of a stream`() throws {
    let server = try TestServer()
    let client = try RawClient(port: server.port)
    client.send("HEAD /x HTTP/1.1\r\nHost: x\r\n\r\n")
    let answer = try #require(client.answer(isHead: true))
    #expect(answer.headers["content-length"] == "\(#"HEAD ["x"] [] 0 -"#.utf8.count)")
    client.send("HEAD /stream HTTP/1.1\r\nHost: x\r\n\r\nGET /y HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(client.answer(isHead: true)?.headers["content-type"] == "text/event-stream")
    #expect(client.answer()?.body == #"GET ["y"] [] 0 -"#)
    #expect(try #require(server.handler.keptStream()).isClosed)
  }

  @Test func `HTTP/1.0 is answered and closed`() throws {
    let server = try TestServer()
    let client = try RawClient(port: server.port)
    client.send("GET /x HTTP/1.0\r\n\r\n")
    #expect(client.answer()?.status == 200)
    #expect(client.isClosed(within: 5))
  }

  @Test func `unknown methods and targets with a host reach the handler`() throws {
    let server = try TestServer()
    let client = try RawClient(port: server.port)
    client.send("BREW http://x/pot?a=b HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(client.answer()?.body == #"BREW ["pot"] [a=b] 0 -"#)
    client.send("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(client.answer()?.body == "OPTIONS [] [] 0 -")
  }

  @Test func `an answer may come later, from another thread, once`() async throws {
    let server = try TestServer()
    let client = try RawClient(port: server.port)
    client.send("GET /keep HTTP/1.1\r\nHost: x\r\n\r\n")
    let reply = try #require(server.handler.keptReply())
    #expect(!reply.isGone)
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<8 { group.addTask { reply.send(Response(status: 200, body: [0x30 + UInt8(number)])) } }
    }
    #expect(client.answer()?.body.count == 1)
    client.send("GET /x HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(client.answer()?.status == 200)
  }

  @Test func `a request that nobody answers gets a problem`() throws {
    let server = try TestServer()
    let client = try RawClient(port: server.port)
    client.send("GET /drop HTTP/1.1\r\nHost: x\r\n\r\nGET /split HTTP/1.1\r\nHost: x\r\n\r\n")
    let dropped = try #require(client.answer())
    #expect(dropped.status == 500 && dropped.code == "no-answer")
    #expect(dropped.headers["content-type"] == "application/problem+json")
    let split = try #require(client.answer())
    #expect(split.status == 500 && split.code == "bad-answer", "a header with a line's end must not get out")
  }

  @Test func `whoever waits learns that the client has left`() throws {
    let server = try TestServer()
    let reply: Reply
    let gone = Flag()
    do {
      let client = try RawClient(port: server.port)
      client.send("GET /keep HTTP/1.1\r\nHost: x\r\n\r\n")
      reply = try #require(server.handler.keptReply())
      reply.onGone { gone.set() }
    }
    #expect(eventually { reply.isGone && gone.isSet })
    reply.send(Response(status: 200))
    let late = Flag()
    reply.onGone { late.set() }
    #expect(late.isSet)
  }

  @Test func `large answers and bodies pass whole`() throws {
    let server = try TestServer()
    let client = try RawClient(port: server.port)
    client.send("GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(client.answer()?.body.utf8.count == 8 << 20)
    let body = String(repeating: "b", count: 4 << 20)
    client.send("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body)
    #expect(client.answer()?.body == #"POST ["x"] [] 4194304 -"#)
  }
}
