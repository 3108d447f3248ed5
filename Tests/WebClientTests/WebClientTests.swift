import Glibc
import Linux
import Quantities
import Synchronization
import Testing
import WebClient

@Suite struct WebClientTests {
  private func problem(_ body: () throws -> Void) -> Problem? {
    #expect(throws: Problem.self) { try body() }
  }

  private func client(_ server: SmallServer, _ limits: WebLimits = WebLimits()) throws -> WebClient {
    try WebClient(base: Endpoint(server.url), limits: limits)
  }

  @Test func aRequestArrivesAsItWasMeant() throws {
    let seen = Mutex<[SmallServer.Request]>([])
    let server = try SmallServer { request, connection in
      seen.withLock { $0.append(request) }
      return connection.answer("201 Created", "hé", headers: ["ETag: \"7\"", "X-Two: a", "X-Two: b"])
    }
    defer { server.stop() }
    let client = try WebClient(base: Endpoint(server.url + "/v1/"))
    let response = try client.send(
      "PUT", "/a/../b?x=%20", headers: [WebHeader("If-Match", "\"6\""), WebHeader("X-Empty", "")],
      body: Array("{}".utf8))
    #expect(response.status == 201)
    #expect(response.text == "hé")
    #expect(response.header("etag") == "\"7\"")
    #expect(response.headers.filter { $0.name == "x-two" }.map(\.value) == ["a", "b"])
    _ = try client.send("DELETE", "/x")
    _ = try client.send("POST", "/empty", body: [])
    #expect(server.connections == 1, "connections are kept")
    let requests = seen.withLock { $0 }
    #expect(
      requests.map(\.line) == ["PUT /v1/a/../b?x=%20 HTTP/1.1", "DELETE /v1/x HTTP/1.1", "POST /v1/empty HTTP/1.1"])
    #expect(requests[0].header("if-match") == "\"6\"")
    #expect(requests[0].header("x-empty") == "")
    #expect(requests[0].header("expect") == nil && requests[0].header("content-type") == nil)
    #expect(requests[0].body == Array("{}".utf8))
    #expect(requests[1].body.isEmpty && requests[1].header("content-length") == nil)
    #expect(requests[2].header("content-length") == "0")
  }

  @Test func aSocketIsAServerToo() throws {
    let path = "/tmp/web-\(getpid())-\(UInt32.random(in: 0 ... .max)).sock"
    let missing = problem { _ = try WebClient(base: .unix(path)).send("GET", "/") }
    #expect(missing?.code == "server-refused")
    let server = try SmallServer(unix: path) { request, connection in connection.answer("200 OK", request.line) }
    defer {
      server.stop()
      unlink(path)
    }
    #expect(try WebClient(base: Endpoint("unix:" + path)).send("GET", "/v1").text == "GET /v1 HTTP/1.1")
  }

  @Test func bigBodiesGoBothWaysAndTooBigOnesAreRefused() throws {
    let server = try SmallServer { request, connection in
      connection.answer("200 OK", String(decoding: request.body, as: UTF8.self))
    }
    defer { server.stop() }
    let body = [UInt8](repeating: 0x61, count: 3_000_000)
    #expect(try client(server).send("POST", "/", body: body).body == body)
    let refused = problem { _ = try client(server, WebLimits(responseBytes: 2_999_999)).send("POST", "/", body: body) }
    #expect(refused?.code == "server-response-too-large")
  }

  @Test func failuresNameTheURLAndTheCause() throws {
    let server = try SmallServer { request, connection in
      if request.line.contains("slow") { usleep(1_500_000) }
      if request.line.contains("garbage") { connection.write("\u{1}\u{2}garbage\r\n\r\n") }
      return false
    }
    let client = try client(server)
    let slow = problem { _ = try client.send("GET", "/slow", timeout: .milliseconds(200)) }
    #expect(slow?.code == "server-timeout")
    #expect(slow?.message.contains(server.url + "/slow") == true)
    #expect(problem { _ = try client.send("GET", "/closed") }?.code == "server-connection-lost")
    #expect(problem { _ = try client.send("GET", "/garbage") }?.code == "server-not-http")
    server.stop()
    #expect(problem { _ = try client.send("GET", "/") }?.code == "server-refused")
    let unknown = problem { _ = try WebClient(base: .url("http://nowhere.invalid")).send("GET", "/") }
    #expect(unknown?.code == "server-unknown-host")
  }

  @Test(arguments: ["", "/path", "ftp://x", "http://", "http://u:p@x", "http://x/?q", "http://x y", "unix:relative"])
  func addressesThatAreNoneAreRefused(text: String) {
    #expect(problem { _ = try Endpoint(text) }?.code == "endpoint-invalid")
  }

  @Test func nothingCanBeSmuggledIntoARequest() throws {
    let client = try WebClient(base: .url("http://127.0.0.1:1"))
    let bad = [
      WebRequest("GET", "/x HTTP/1.1\r\nX: y"), WebRequest("GE T", "/"), WebRequest("GET", "x"),
      WebRequest("GET", "/", headers: [WebHeader("X", "a\r\nY: b")]),
      WebRequest("GET", "/", headers: [WebHeader("", "a")]),
    ]
    for request in bad { #expect(problem { _ = try client.send(request) }?.code == "request-invalid") }
  }

  @Test func threadsShareOneClient() throws {
    let server = try SmallServer { request, connection in connection.answer("200 OK", request.line) }
    defer { server.stop() }
    let client = try client(server)
    let right = Counter()
    let done = Counter()
    for thread in 0..<4 {
      try TestThread.start {
        for number in 0..<50 {
          let response = try? client.send("GET", "/\(thread)/\(number)")
          if response?.text == "GET /\(thread)/\(number) HTTP/1.1" { right.add() }
        }
        done.add()
      }
    }
    #expect(TestThread.wait { done.value == 4 })
    #expect(right.value == 200)
    #expect(server.connections <= 4)
  }

  @Test func anInterruptEndsARequestAtOnce() throws {
    let server = try SmallServer { _, _ in
      usleep(2_000_000)
      return false
    }
    defer { server.stop() }
    let interrupt = Interrupt()
    let client = try client(server)
    try TestThread.start {
      usleep(50_000)
      interrupt.fire()
    }
    let begin = Clock.monotonic
    #expect(problem { _ = try client.send("GET", "/", interrupt: interrupt) }?.code == "interrupted")
    #expect(Clock.monotonic - begin < 1_000_000_000)
    #expect(problem { _ = try client.send("GET", "/", interrupt: interrupt) }?.code == "interrupted")
  }
}
