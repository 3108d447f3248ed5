import API
import Controller
import Identity
import Quantities
import Testing

@testable import Service

/// Quotas with what is taken of them, usage in parts, and the audit log's filters and pages.
@Suite struct AccountingTests {
  private let json = ["Content-Type": "application/json"]
  private let yaml = ["Content-Type": "application/yaml"]

  private func with(_ body: (Fixture) async throws -> Void) async throws {
    let fixture = try await Fixture()
    defer { fixture.close() }
    try await body(fixture)
  }

  @Test func quotasSayWhatIsTaken() async throws {
    try await with { fixture in
      await fixture.ask(
        "PUT", "/v1/projects/physics", as: "root", headers: json,
        body: "{\"members\": {\"uid-61002\": \"user\"}, \"quota\": {\"cpu\": \"4\", \"longestLease\": \"7d\"}}")
      await fixture.build("own")
      let built = await fixture.ask(
        "PUT", "/v1/infrastructures/shared?project=physics", as: "ann", headers: yaml, body: Fixture.file("shared"))
      #expect(built.status == 202, "\(built.text)")
      func quotas(_ user: String, _ query: String = "") async throws -> Page<QuotaDocument> {
        try await fixture.ask("GET", "/v1/quotas\(query)", as: user).document(Page<QuotaDocument>.self)
      }
      let seen = try await quotas("ann").items
      #expect(seen.map(\.name) == ["uid-61002", "physics"] && seen.map(\.kind) == [.user, .project])
      let (own, project) = (try #require(seen.first), try #require(seen.last))
      #expect(own.quota == Quota() && own.used.infrastructures == 2 && own.used.nodes == 4)
      #expect(project.quota.cpu == Cores(thousandths: 4000) && project.quota.longestLease == .seconds(7 * 86400))
      #expect(project.used.infrastructures == 1 && project.used.cpu == Cores(thousandths: 2000))
      // 100 Mbit/s over one core link, both directions.
      #expect(project.used.coreRate == Bitrate(bitsPerSecond: 200_000_000) && project.used.memory.bytes == 256 << 20)
      #expect(try await quotas("bob").items.map(\.name) == ["uid-61003"])
      #expect(try await quotas("bob").items.first?.used.infrastructures == 0)
      #expect(try await quotas("operator").items.map(\.name) == ["uid-61001", "physics"])
      let first = try await quotas("ann", "?limit=1")
      #expect(first.items.count == 1)
      #expect(try await quotas("ann", "?limit=1&after=\(first.next ?? "")").items.map(\.name) == ["physics"])
    }
  }

  /// Each part has what was taken in it; together they are the whole.
  @Test func usageIsAddedUpInParts() async throws {
    try await with { fixture in
      await fixture.build("lab")
      let until = Timestamp.now + .seconds(3600)
      let from = until + .seconds(-4 * 3600)
      let interval = "from=\(from)&until=\(until)"
      func usage(_ query: String) async throws -> [UsageDocument] {
        try await fixture.ask("GET", "/v1/usage?\(query)", as: "ann").document(Page<UsageDocument>.self).items
      }
      var parts: [UsageDocument] = []
      // What has just begun has taken nothing yet.
      for _ in 0..<100 where parts.isEmpty {
        try await Task.sleep(for: .milliseconds(50))
        parts = try await usage("\(interval)&parts=4")
      }
      let bounds = (0..<4).map { from + .seconds($0 * 3600) }
      #expect(!parts.isEmpty && parts.allSatisfy { $0.from.map(bounds.contains) ?? false }, "\(parts)")
      #expect(parts.allSatisfy { $0.name == "uid-61002" && $0.coreHours > 0 })
      let whole = try await usage(interval)
      #expect(whole.count == 1 && whole[0].from == nil && whole[0].coreHours >= parts.reduce(0) { $0 + $1.coreHours })
      #expect(try await usage("from=2020-01-01T00:00:00Z&until=2020-01-02T00:00:00Z&parts=24").isEmpty)
      // Of shorter parts than a second there are fewer.
      let short = await fixture.ask("GET", "/v1/usage?from=\(from)&until=\(from + .seconds(3))&parts=100", as: "ann")
      #expect(short.status == 200)
      #expect(await fixture.ask("GET", "/v1/usage?parts=101", as: "ann").status == 400)
    }
  }

  @Test func auditIsFilteredAndPaged() async throws {
    try await with { fixture in
      await fixture.build("lab")
      await fixture.ask("DELETE", "/v1/infrastructures/none", as: "bob")
      await fixture.ask("DELETE", "/v1/infrastructures/none", as: "ann")
      func audit(_ query: String = "") async throws -> Page<AuditDocument> {
        try await fixture.ask("GET", "/v1/audit?\(query)", as: "root").document(Page<AuditDocument>.self)
      }
      for _ in 0..<100 where try await audit().items.count < 3 { try await Task.sleep(for: .milliseconds(50)) }
      #expect(try await audit("action=buildInfrastructure").items.map(\.user) == ["uid-61002"])
      #expect(try await audit("outcome=done").items.map(\.action) == ["buildInfrastructure"])
      #expect(try await audit("outcome=failed").items.count == 2)
      #expect(try await audit("outcome=no-such-infrastructure&user=uid-61003").items.count == 1)
      #expect(try await audit("outcome=no-room").items.isEmpty)
      // What is noted meanwhile shifts no page.
      let whole = try await audit().items
      let first = try await audit("limit=2")
      await fixture.ask("DELETE", "/v1/infrastructures/none", as: "bob")
      for _ in 0..<100 where try await audit().items.count < 4 { try await Task.sleep(for: .milliseconds(50)) }
      let second = try await audit("limit=2&after=\(try #require(first.next))")
      #expect(first.items + second.items == whole && second.next == nil)
    }
  }

  @Test func whoamiSaysWhatATokenIsGoodFor() async throws {
    try await with { fixture in
      let token = try await fixture.ask(
        "POST", "/v1/tokens", as: "ann", headers: json, body: "{\"scope\": \"plan\", \"label\": \"for plans\"}"
      ).document(TokenDocument.self)
      let bearer = ["Authorization": "Bearer \(try #require(token.secret))"]
      let known = try await fixture.ask("GET", "/v1/whoami", headers: bearer).document(IdentityDocument.self)
      #expect(known.scopes == [.plan] && known.token == token.id && known.origin == "token")
      let local = try await fixture.ask("GET", "/v1/whoami", as: "ann").document(IdentityDocument.self)
      #expect(local.scopes == [.read, .plan, .write, .admin] && local.token == nil && local.origin == "socket")
      let listed = try await fixture.ask("GET", "/v1/tokens", as: "ann").document(Page<TokenDocument>.self).items
      #expect(listed.first?.lastUsed.map { Timestamp.now - $0 < .seconds(60) } == true)
    }
  }
}
