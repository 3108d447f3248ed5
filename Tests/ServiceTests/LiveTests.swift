import API
import Glibc
import Identity
import Linux
import Quantities
import Synchronization
import TestSupport
import Testing
import WebClient
import WebServer

@testable import Service

/// A service with its web server on loopback.
@Suite struct LiveTests {
  private func with(
    _ body: (Fixture, ServiceServer, _ address: String, _ token: String) async throws -> Void
  ) async throws {
    let fixture = try await Fixture()
    defer { fixture.close() }
    var settings = try Fixture.settings(fixture.authority)
    settings.listeners = [.tcp(address: "127.0.0.1", port: 0, tls: nil)]
    settings.longestWait = 0.1
    let records = KeptAccess(fixture.core.access.book)
    settings.records = records
    // Its tokens are root's, as over a socket.
    var issued: String?
    try records.change { book in
      let root = Principal(user: try UserName(parsing: "root"), origin: .socket(uid: 0, gid: 0))
      issued = try book.tokens.issue(to: root, scopes: Scope.all, description: "", lifetime: nil, at: .now).text
    }
    let server = try ServiceServer(cloud: fixture.cloud, settings: settings)
    defer { server.stop() }
    try await body(fixture, server, "http://127.0.0.1:\(server.ports[0])", try #require(issued))
  }

  @Test(.timeLimit(.minutes(20))) func schemathesisFindsNothing() async throws {
    try await with { fixture, _, address, token in
      let result = try Programs.run(
        "/bin/sh", [try Programs.tool("schemathesis.sh"), Programs.cache, address, token], in: fixture.folder)
      if result.status == 75 {
        #expect(!KernelTest.isStrict, "schemathesis cannot be had from PyPI: \(result.output)")
        return
      }
      #expect(result.status == 0, "\(result.output.suffix(12000))")
    }
  }

  @Test(.timeLimit(.minutes(20))) func eventsAreToldAndResumed() async throws {
    try await with { fixture, _, address, token in
      await fixture.build("lab")
      func read(after id: String?, until isEnough: @escaping @Sendable ([EventStreamParser.Event]) -> Bool) async throws
        -> [EventStreamParser.Event]
      {
        try await Task.detached {
          let client = try WebClient(base: Endpoint(address))
          var headers = [WebHeader("Authorization", "Bearer \(token)"), WebHeader("Accept", "text/event-stream")]
          if let id { headers.append(WebHeader("Last-Event-ID", id)) }
          var parser = EventStreamParser()
          var events: [EventStreamParser.Event] = []
          _ = try client.stream(WebRequest("GET", "/v1/events", headers: headers, timeout: .seconds(30))) { bytes in
            guard let new = try? parser.feed(bytes) else { return false }
            events += new
            return !isEnough(events)
          }
          return events
        }.value
      }
      let all = try await read(after: "0") {
        $0.contains { $0.data.contains("\"lab\"") && $0.data.contains("building") }
      }
      let first = try #require(all.first)
      let rest = try await read(after: first.id) { $0.count >= all.count - 1 }
      #expect(rest.map(\.id).prefix(all.count - 1) == all.dropFirst().map(\.id)[...])
      // What is not kept any more, or was never told, begins anew.
      let lost = try await read(after: "999999999") { !$0.isEmpty }
      #expect(lost.first?.event == "reset")
    }
  }

  @Test(.timeLimit(.minutes(20))) func consoleIsServedStrictly() async throws {
    try await with { _, _, address, _ in
      let answer = try await Task.detached {
        try WebClient(base: Endpoint(address)).send("GET", "/")
      }.value
      #expect(answer.status == 200)
      let policy = answer.headers.first { $0.name.lowercased() == "content-security-policy" }?.value ?? ""
      #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
      let missing = try await Task.detached {
        try WebClient(base: Endpoint(address)).send("GET", "/console/..%2f..%2fetc%2fpasswd")
      }.value
      #expect((400..<500).contains(missing.status))
    }
  }
}

/// A book in memory.
final class KeptAccess: AccessRecords {
  private let book: Lock

  init(_ book: AccessBook) { self.book = Lock(book) }

  func load() throws -> AccessBook { book.value }
  func save(_ new: AccessBook) throws { book.value = new }

  func change(_ body: (inout AccessBook) throws -> Void) throws {
    var copy = book.value
    try body(&copy)
    book.value = copy
  }
}

/// A value behind a lock.
final class Lock: Sendable {
  private let kept: Mutex<AccessBook>

  init(_ book: AccessBook) { kept = Mutex(book) }

  var value: AccessBook {
    get { kept.withLock { $0 } }
    set { kept.withLock { $0 = newValue } }
  }
}
