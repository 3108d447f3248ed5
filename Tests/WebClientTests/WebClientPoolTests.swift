import Glibc
import Linux
import Quantities
import Synchronization
import Testing
import WebClient

@Suite struct WebClientPoolTests {
  @Test func hundredsOfLongPollsOnOneThread() throws {
    let gate = Counter()
    let waiting = Counter()
    let server = try SmallServer { request, connection in
      waiting.add()
      _ = TestThread.wait { gate.value > 0 }
      return connection.answer("200 OK", request.line)
    }
    defer { server.stop() }
    let pool = try WebClientPool()
    let right = Counter()
    let ended = Counter()
    let base = try Endpoint(server.url)
    let count = 300
    for number in 0..<count {
      pool.send(WebRequest("GET", "/\(number)", timeout: .seconds(30)), to: base) { outcome in
        if case .success(let response) = outcome, response.text == "GET /\(number) HTTP/1.1" { right.add() }
        ended.add()
      }
    }
    #expect(TestThread.wait(20) { waiting.value == count }, "all wait at once")
    #expect(pool.count == count)
    gate.add()
    #expect(TestThread.wait(20) { ended.value == count })
    #expect(right.value == count)
    #expect(pool.count == 0)
    pool.send(WebRequest("GET", "/again"), to: base) { _ in ended.add() }
    #expect(TestThread.wait { ended.value == count + 1 })
    #expect(server.connections == count, "connections are kept")
  }

  @Test func streamsCancellationsAndFailuresEndOnce() throws {
    let server = try SmallServer { _, connection in
      connection.write("HTTP/1.1 200 OK\r\n\r\n")
      while connection.write("data: x\n\n") { usleep(2000) }
      return false
    }
    defer { server.stop() }
    let pool = try WebClientPool()
    let codes = Mutex<[String]>([])
    let pieces = Counter()
    let base = try Endpoint(server.url)
    let then: @Sendable (WebClientPool.Outcome) -> Void = { outcome in
      let code =
        switch outcome {
        case .success(let response): "\(response.status)"
        case .failure(let problem): problem.code
        }
      codes.withLock { $0.append(code) }
    }
    let onBytes: @Sendable ([UInt8]) -> Bool = { _ in
      pieces.add()
      return true
    }
    let endless = WebRequest("GET", "/", timeout: nil)
    let number = pool.stream(endless, from: base, onBytes: onBytes, then: then)
    #expect(TestThread.wait { pieces.value > 2 })
    pool.cancel(number)
    #expect(TestThread.wait { codes.withLock { $0 } == ["interrupted"] })
    pool.stream(endless, from: base, onBytes: { _ in false }, then: then)
    #expect(TestThread.wait { codes.withLock { $0.last } == "200" })
    pool.send(WebRequest("GET", "/"), to: .url("http://nowhere.invalid"), then: then)
    #expect(TestThread.wait { codes.withLock { $0.last } == "server-unknown-host" })
    pool.send(WebRequest("GET", "no path"), to: base, then: then)
    #expect(TestThread.wait { codes.withLock { $0.last } == "request-invalid" })
    pool.stream(endless, from: base, onBytes: onBytes, then: then)
    pool.close()
    #expect(TestThread.wait { codes.withLock { $0.count } == 5 })
    pool.send(endless, to: base, then: then)
    #expect(codes.withLock { $0.suffix(2) } == ["interrupted", "interrupted"])
  }

  @Test func aTaskWaitsWithoutAThread() async throws {
    let server = try SmallServer { request, connection in
      if request.line.contains("slow") { usleep(2_000_000) }
      return connection.answer("200 OK", "x")
    }
    defer { server.stop() }
    let pool = try WebClientPool()
    let base = try Endpoint(server.url)
    #expect(try await pool.response(WebRequest("GET", "/"), from: base).text == "x")
    let task = Task { try await pool.response(WebRequest("GET", "/slow"), from: base) }
    task.cancel()
    await #expect(throws: Problem.self) { try await task.value }
  }
}
