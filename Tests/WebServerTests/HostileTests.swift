import Glibc
import Linux
import Testing
import WebServer

/// Requests that are too large, or that two readers could understand differently.
struct HostileTests {
  static let large = String(repeating: "a", count: 20_000)
  static let length = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length:"
  static let chunked = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n"

  /// What is sent, and the status and code it gets.
  static let refused: [(request: String, status: Int, code: String)] = [
    ("GET /a/../b HTTP/1.1\r\nHost: x\r\n\r\n", 400, "malformed-target"),
    ("GET /%2e%2e/b HTTP/1.1\r\nHost: x\r\n\r\n", 400, "malformed-target"),
    ("GET /a%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "malformed-target"),
    ("GET //a HTTP/1.1\r\nHost: x\r\n\r\n", 400, "malformed-target"),
    ("GET /a%2fb HTTP/1.1\r\nHost: x\r\n\r\n", 400, "malformed-target"),
    ("GET /%ff HTTP/1.1\r\nHost: x\r\n\r\n", 400, "malformed-target"),
    ("GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", 400, "malformed-target"),
    ("CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", 400, "malformed-target"),
    ("GET * HTTP/1.1\r\nHost: x\r\n\r\n", 400, "malformed-request"),
    ("GET /a\u{0}b HTTP/1.1\r\nHost: x\r\n\r\n", 400, "malformed-request"),
    ("G\u{0}T /a HTTP/1.1\r\nHost: x\r\n\r\n", 400, "malformed-request"),
    ("G(T / HTTP/1.1\r\nHost: x\r\n\r\n", 400, "malformed-request"),
    ("GET  /a HTTP/1.1\r\nHost: x\r\n\r\n", 400, "malformed-request"),
    ("GET /\r\n\r\n", 400, "malformed-request"),
    ("GET / HTTP/1.1\r\n\r\n", 400, "malformed-request"),
    ("GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", 400, "malformed-request"),
    ("GET / HTTP/1.1\r\nHost: x\r\nX : y\r\n\r\n", 400, "malformed-request"),
    ("GET / HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n", 400, "malformed-request"),
    ("GET / HTTP/1.1\r\nHost: x\r\nX: y\rz\r\n\r\n", 400, "malformed-request"),
    ("GET / HTTP/2.0\r\nHost: x\r\n\r\n", 505, "unknown-http-version"),
    ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, "unknown-http-version"),
    ("\(length) 3\r\nContent-Length: 4\r\n\r\nabcd", 400, "malformed-request"),
    ("\(length) 3\r\nContent-Length: 3\r\n\r\nabc", 400, "malformed-request"),
    ("\(length) 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "malformed-request"),
    ("\(length) x\r\n\r\n", 400, "malformed-request"),
    ("\(length) +3\r\n\r\nabc", 400, "malformed-request"),
    ("\(length) 3, 3\r\n\r\nabc", 400, "malformed-request"),
    ("\(length) -1\r\n\r\n", 400, "malformed-request"),
    ("\(length)\r\n\r\n", 400, "malformed-request"),
    ("\(length) 99999999999999999999999\r\n\r\n", 413, "body-too-large"),
    ("\(length) 5000000\r\n\r\n", 413, "body-too-large"),
    ("\(length) 5000000\r\nExpect: 100-continue\r\n\r\n", 413, "body-too-large"),
    ("\(length) 3\r\nExpect: cake\r\n\r\nabc", 417, "unknown-expectation"),
    ("\(chunked)Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "malformed-request"),
    ("\(chunked)\r\nzz\r\nabc\r\n0\r\n\r\n", 400, "malformed-request"),
    ("\(chunked)\r\n-1\r\n", 400, "malformed-request"),
    ("\(chunked)\r\n3\r\nabcd\r\n0\r\n\r\n", 400, "malformed-request"),
    ("\(chunked)\r\nffffffffffffffffff\r\nabc", 413, "body-too-large"),
    ("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501, "unknown-transfer-encoding"),
    ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, "malformed-request"),
    ("GET / HTTP/1.1\r\nHost: x\r\nX: \(large)\r\n\r\n", 431, "headers-too-large"),
    ("GET / HTTP/1.1\r\nHost: x\r\nX: \(large)\(large)\(large)\r\n\r\n", 431, "headers-too-large"),
    ("GET / HTTP/1.1\r\nHost: x\r\n\(String(repeating: "a:b\r\n", count: 3000))\r\n", 431, "headers-too-large"),
    ("GET /\(large)\(large)\(large) HTTP/1.1\r\nHost: x\r\n\r\n", 414, "headers-too-large"),
    ("GET /\(large) HTTP/1.1\r\nHost: x\r\n\r\n", 431, "headers-too-large"),
  ]

  @Test func `what cannot be served gets a problem, and the connection ends`() throws {
    let server = try TestServer()
    for (request, status, code) in Self.refused {
      let client = try RawClient(port: server.port)
      client.send(request)
      let answer = client.answer()
      let said = "\(request.prefix(80).debugDescription): \(String(describing: answer))"
      #expect(answer?.status == status && answer?.code == code, "\(said)")
      #expect(answer?.headers["content-type"] == "application/problem+json", "\(said)")
      #expect(answer?.text(of: "remedy")?.isEmpty == false, "\(said)")
      #expect(client.isClosed(within: 5), "\(said)")
    }
    let client = try RawClient(port: server.port)
    client.send("GET /still HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(client.answer()?.status == 200, "others are served as before")
  }

  @Test func `a body that grows beyond the limit is refused while it grows`() throws {
    var limits = Limits()
    limits.bodyBytes = 100_000
    let server = try TestServer(limits)
    let client = try RawClient(port: server.port)
    client.send(Self.chunked + "\r\n")
    let chunk = "2710\r\n" + String(repeating: "c", count: 10_000) + "\r\n"
    for _ in 0..<12 where !client.send(chunk) { break }
    #expect(client.answer()?.code == "body-too-large")
    #expect(client.isClosed(within: 5))
  }

  @Test(arguments: ["Content-Length: 6000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n5b8d80\r\n"])
  func `whoever sends first and reads later learns why it was refused`(framing: String) throws {
    let server = try TestServer()
    let client = try RawClient(port: server.port)
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\n" + framing)
    #expect(client.send([UInt8](repeating: 0x61, count: 6_000_000)), "the server reads on")
    #expect(client.answer()?.code == "body-too-large")
    #expect(client.isClosed(within: 5))
  }

  @Test func `a body's bytes are no second request`() throws {
    let server = try TestServer()
    let client = try RawClient(port: server.port)
    let inner = "GET /inner HTTP/1.1\r\nHost: x\r\n\r\n"
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: \(inner.utf8.count)\r\n\r\n" + inner + inner)
    #expect(client.answer()?.body == inner)
    #expect(client.answer()?.body == #"GET ["inner"] [] 0 -"#)
  }

  @Test func `thousands of parameters are taken`() throws {
    let server = try TestServer()
    let client = try RawClient(port: server.port)
    client.send("GET /?\(String(repeating: "a&", count: 5000)) HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(client.answer()?.status == 200)
  }

  @Test func `noise is refused or closed, and hurts nobody`() throws {
    let server = try TestServer()
    for _ in 0..<100 {
      let client = try RawClient(port: server.port)
      client.send((0..<Int.random(in: 1...2000)).map { _ in UInt8.random(in: 0...255) } + Array("\r\n\r\n\r\n".utf8))
      client.finishSending()
      #expect(client.isClosed(within: 5))
    }
    let client = try RawClient(port: server.port)
    client.send("GET /still HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(client.answer()?.status == 200)
  }
}
