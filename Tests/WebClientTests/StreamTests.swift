import Glibc
import Linux
import Quantities
import Synchronization
import Testing
import WebClient

@Suite struct StreamTests {
  /// Sends an event every few milliseconds until the client is gone.
  private func ticking() throws -> SmallServer {
    try SmallServer { request, connection in
      if request.line.contains("none") { return connection.answer("404 Not Found", "no such thing") }
      connection.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n")
      var number = 0
      while connection.write("id: \(number)\ndata: tick\n\n") {
        number += 1
        if request.line.contains("three"), number == 3 { break }
        usleep(request.line.contains("silent") ? 3_000_000 : 2000)
      }
      return false
    }
  }

  @Test func itEndsWithTheServerWithTheReceiverOrByInterruption() throws {
    let server = try ticking()
    defer { server.stop() }
    let client = try WebClient(base: Endpoint(server.url))
    var parser = EventStreamParser()
    var events: [EventStreamParser.Event] = []
    var status: [Int] = []
    let collect = { (bytes: [UInt8]) in
      do { events += try parser.feed(bytes) } catch { Issue.record(error) }
      return events.count < 10
    }
    let request = WebRequest("GET", "/three", timeout: nil)
    let response = try client.stream(request, onHead: { status.append($0.status) }, onBytes: collect)
    #expect(response.header("content-type") == "text/event-stream")
    #expect(response.body.isEmpty && status == [200])
    #expect(events.map(\.id) == ["0", "1", "2"])
    _ = try client.stream(WebRequest("GET", "/", timeout: nil), onBytes: collect)
    #expect(events.count == 10)
    let interrupt = Interrupt()
    try TestThread.start {
      usleep(20_000)
      interrupt.fire()
    }
    let begin = Clock.monotonic
    let ended = try client.stream(WebRequest("GET", "/", timeout: nil), interrupt: interrupt) { _ in true }
    #expect(ended.status == 200)
    #expect(Clock.monotonic - begin < 2_000_000_000)
  }

  @Test func anErrorIsAnAnswerAndSilenceAProblem() throws {
    let server = try ticking()
    defer { server.stop() }
    let client = try WebClient(base: Endpoint(server.url))
    let response = try client.stream(WebRequest("GET", "/none")) { _ in
      Issue.record("an error's body is no part of the stream")
      return false
    }
    #expect(response.status == 404 && response.text == "no such thing")
    let problem = #expect(throws: Problem.self) {
      _ = try client.stream(WebRequest("GET", "/silent", timeout: nil), silence: .seconds(1)) { _ in true }
    }
    #expect(problem?.code == "server-timeout")
  }

  @Test func redirectsKeepMethodBodyAndHeaders() throws {
    let target = try SmallServer { request, connection in
      connection.answer(
        "200 OK", "\(request.line) \(request.header("x-a") ?? "") \(String(decoding: request.body, as: UTF8.self))")
    }
    let server = try SmallServer { request, connection in
      let location = request.line.contains("loop") ? "/loop" : "\(target.url)/there"
      return connection.answer(
        request.line.contains("302") ? "302 Found" : "307 Temporary Redirect", "", headers: ["Location: \(location)"])
    }
    defer {
      server.stop()
      target.stop()
    }
    let request = WebRequest("POST", "/", headers: [WebHeader("X-A", "b")], body: Array("body".utf8))
    #expect(try WebClient(base: Endpoint(server.url)).send(request).status == 307)
    let following = try WebClient(base: Endpoint(server.url), limits: WebLimits(redirects: 3))
    #expect(try following.send(request).text == "POST /there HTTP/1.1 b body")
    #expect(try following.send("GET", "/302").status == 302)
    let problem = #expect(throws: Problem.self) { try following.send("GET", "/loop") }
    #expect(problem?.code == "server-redirects")
  }
}
