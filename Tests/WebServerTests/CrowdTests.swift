import Glibc
import Linux
import Testing
import WebServer

/// More clients than anybody wants.
struct CrowdTests {
  private static let request = "GET /x HTTP/1.1\r\nHost: x\r\n\r\n"

  @Test(arguments: [true, false])
  func `connections beyond the limit are told so, and find a place later`(isOfOnePeer: Bool) throws {
    var limits = Limits()
    if isOfOnePeer { limits.connectionsOfOnePeer = 3 } else { limits.connections = 3 }
    let server = try TestServer(limits)
    var clients = try (0..<3).map { _ in try RawClient(port: server.port) }
    for client in clients {
      client.send(Self.request)
      #expect(client.answer()?.status == 200)
    }
    do {
      let refused = try RawClient(port: server.port)
      let answer = refused.answer()
      #expect(answer?.status == 503 && answer?.code == "too-many-connections")
      #expect(refused.isClosed(within: 5))
    }
    clients.removeLast()
    #expect(
      try eventually {
        let client = try RawClient(port: server.port)
        client.send(Self.request)
        return client.answer()?.status == 200
      })
  }

  @Test func `thousands of idle connections keep nobody waiting`() throws {
    // Both ends stand in this process, beside the other tests' descriptors.
    var limits = Limits()
    (limits.connectionsOfOnePeer, limits.requestSeconds) = (12_000, 300)
    let wanted = min(10_000, (limits.allowDescriptors(others: 10_000) - 2000) / 2)
    guard wanted >= 8000 else {
      try #require(getenv("STRICT_KERNEL_TESTS") == nil, "too few descriptors are allowed for this test")
      return
    }
    let server = try TestServer(limits)
    let idle = try (0..<wanted).map { _ in try RawClient(port: server.port) }
    // Half of them have had an answer, half never asked.
    for client in idle.prefix(wanted / 2) { client.send(Self.request) }
    for client in idle.prefix(wanted / 2) { #expect(client.answer()?.status == 200) }
    var slowest: UInt64 = 0
    for _ in 0..<20 {
      let start = Clock.monotonic
      let client = try RawClient(port: server.port)
      client.send(Self.request)
      #expect(client.answer()?.status == 200)
      slowest = max(slowest, Clock.monotonic - start)
    }
    #expect(slowest < 1_000_000_000, "\(slowest / 1_000_000) ms")
    let before = try #require(ServerThreads.ticks(ofPort: server.port))
    sleep(2)
    let ticks = try #require(ServerThreads.ticks(ofPort: server.port)) - before
    #expect(ticks < 40, "\(ticks) of 200 ticks in 2 seconds")
    idle[wanted - 1].send(Self.request)
    #expect(idle[wanted - 1].answer()?.status == 200)
  }
}
