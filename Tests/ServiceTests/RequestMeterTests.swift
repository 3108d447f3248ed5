import API
import Identity
import Quantities
import Synchronization
import Testing
import WebServer

@testable import Service

/// Nobody gets more than their share of requests.
@Suite struct RequestMeterTests {
  private static let second: UInt64 = 1_000_000_000

  /// A clock that a test sets.
  private final class SetClock: Sendable {
    private let nanoseconds = Mutex<UInt64>(5_000_000_000)
    var now: UInt64 { nanoseconds.withLock { $0 } }
    func go(_ more: UInt64) { nanoseconds.withLock { $0 += more } }
  }

  @Test func bucketsFillUpAgain() {
    var buckets = TokenBuckets(rate: 200)
    for _ in 0..<200 { #expect(buckets.take("a", at: 0) == nil) }
    #expect(buckets.take("a", at: 0) == Self.second / 200)
    #expect(buckets.take("b", at: 0) == nil)
    #expect(buckets.take("a", at: Self.second / 200) == nil)
    #expect(buckets.take("a", at: Self.second / 200) != nil)
    // Never more than a second's worth, however long one was quiet.
    let later = 3600 * Self.second
    #expect((0..<500).count { _ in buckets.take("a", at: later) == nil } == 200)
    // A rate below the least burst: the burst first, then one at a time.
    var slow = TokenBuckets(rate: 2)
    #expect((0..<500).count { _ in slow.take("a", at: 0) == nil } == TokenBuckets.leastBurst)
    #expect(slow.take("a", at: 0) == Self.second / 2)
  }

  /// However many names come, there is no more memory; who was known keeps their own, and new ones share.
  @Test func namesCostNoMemoryWithoutBound() {
    var buckets = TokenBuckets(rate: 100, most: 50)
    for _ in 0..<100 { _ = buckets.take("known", at: 0) }
    var refused = 0
    for number in 0..<10_000 where buckets.take("new\(number)", at: 1) != nil { refused += 1 }
    #expect(buckets.count == 50)
    // Of 10,000 new names 49 had their own, and the others a second's worth together.
    #expect(refused == 10_000 - 49 - 100)
    #expect(buckets.take("new0", at: 2) == nil && buckets.take("known", at: 2) != nil)
    // What has been quiet makes room.
    _ = buckets.take("after", at: 3 * Self.second)
    #expect(buckets.count == 1 && buckets.take("after", at: 3 * Self.second) == nil)
  }

  @Test(arguments: [
    ("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"),
    ("2001:db8:1:2::9", "2001:db8:1:2"), ("fe80::1%eth0", "fe80:0:0:0"), ("what:ever", "what:ever"),
  ])
  func networksAreCounted(_ address: String, _ network: String) {
    #expect(RequestMeter.network(of: address) == network)
  }

  /// Every route, whatever it is, is refused in the same way; others are not hurt, and in time one may go on.
  @Test func everyRouteIsLimited() async throws {
    let clock = SetClock()
    let fixture = try await Fixture(clock: { clock.now }) { $0.requestsPerSecond = 150 }
    defer { fixture.close() }
    for _ in 0..<150 {
      #expect(await fixture.ask("GET", "/v1/whoami", as: "ann").status == 200)
      #expect(await fixture.ask("GET", "/healthz").status == 200)
    }
    for route in AllRoutes.table {
      let path = route.pattern.text.replacing(/\{[^}]*\}/, with: "x")
      for user in ["ann", ""] {
        // Where nobody need be known, the address counts whoever asks.
        if case .anybody = route.access, user == "ann" { continue }
        let answer = await fixture.ask(route.method.rawValue, path, as: user)
        #expect(answer.status == 429 && answer.code == "too-many-requests", "\(route.id) \(user) \(answer.status)")
        #expect(answer.header("Retry-After") == "1")
        #expect(answer.header("Content-Type") == "application/problem+json")
      }
    }
    #expect(await fixture.ask("GET", "/v1/nothing").status == 429)
    #expect(await fixture.ask("GET", "/v1/whoami", headers: ["Authorization": "Bearer vct_x"]).status == 429)
    #expect(await fixture.ask("GET", "/v1/whoami", as: "bob").status == 200)
    let agent = try fixture.agent(fixture.hosts[0])
    for _ in 0..<300 { #expect(await fixture.ask("GET", "/v1/whoami", as: "root").status == 200) }
    for _ in 0..<300 { #expect(await fixture.ask("GET", "/v1/whoami", peer: agent).status == 200) }
    let metrics = await fixture.ask("GET", "/metrics", as: "root").text
    let refused = Dictionary(
      metrics.matches(of: /requests_limited_total\{by="(\w+)"\} (\d+)/).map { (String($0.1), Int($0.2) ?? 0) },
      uniquingKeysWith: { first, _ in first })
    #expect(refused["agent"] == 0 && (refused["user"] ?? 0) > 40 && (refused["address"] ?? 0) > 40, "\(refused)")
    clock.go(Self.second / 150 + 1)
    #expect(await fixture.ask("GET", "/v1/whoami", as: "ann").status == 200)
    #expect(await fixture.ask("GET", "/v1/whoami", as: "ann").status == 429)
  }

  /// The description has it for every operation.
  @Test func theDescriptionSaysSo() throws {
    let document = OpenAPI.document(AllRoutes.table, version: "1")
    let text = String(decoding: try DocumentJSON.bytes(document), as: UTF8.self)
    let count = text.ranges(of: "\"429\":{\"$ref\":\"#/components/responses/TooManyRequests\"}").count
    #expect(count == AllRoutes.table.count)
    #expect(text.contains("\"Retry-After\""))
  }

  @Test func withoutALimitNobodyIsRefused() async throws {
    let meter = RequestMeter(rate: nil, clock: { 0 })
    let request = Incoming("GET", "/v1", peer: .remote(address: "192.0.2.1", certificates: []))
    for _ in 0..<5000 { #expect(meter.refusal(of: request, by: nil) == nil) }
    #expect(meter.count(of: .address) == 0)
  }
}
