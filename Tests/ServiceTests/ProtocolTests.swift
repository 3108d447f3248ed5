import API
import Controller
import Quantities
import Testing

@testable import Service

/// What is not about one resource: methods, bodies, types, identities.
@Suite struct ProtocolTests {
  private func with(_ body: (Fixture) async throws -> Void) async throws {
    let fixture = try await Fixture()
    defer { fixture.close() }
    try await body(fixture)
  }

  @Test func methodsAreSaid() async throws {
    try await with { fixture in
      let wrong = await fixture.ask("PATCH", "/v1/infrastructures/lab", as: "ann")
      #expect(wrong.status == 405 && wrong.header("Allow") == "GET, PUT, DELETE, HEAD, OPTIONS")
      #expect(await fixture.ask("OPTIONS", "/v1/plans").header("Allow") == "POST, OPTIONS")
      #expect(await fixture.ask("BREW", "/v1", as: "ann").status == 405)
      #expect(await fixture.ask("HEAD", "/v1").status == 200)
      for path in ["/v2", "/v1/", "/v1/nothing", "/console", "/console/../etc/passwd", "/v1/infrastructures/a/b/c"] {
        let answer = await fixture.ask("GET", path, as: "root")
        #expect(path == "/v1/" ? answer.status == 200 : answer.status == 404, "\(path) \(answer.status)")
      }
    }
  }

  @Test func bodiesAreLookedAt() async throws {
    try await with { fixture in
      func plan(_ type: String, _ body: String) async -> Answer {
        await fixture.ask("POST", "/v1/plans", as: "ann", headers: ["Content-Type": type], body: body)
      }
      #expect(await plan("image/png", "x").status == 415)
      #expect(await plan("application/yaml", "").code == "body-missing")
      #expect(await plan("application/yaml; charset=utf-8", Fixture.file("lab")).status == 200)
      #expect(await plan("text/yaml", Fixture.file("lab")).status == 200)
      let wrong = await plan("application/yaml", "name: lab\nnodes: {a: {cpux: 1}}\n")
      #expect(wrong.status == 422)
      let place = try wrong.document(ProblemDocument.self).location ?? ""
      #expect(place.hasPrefix("body:2:"))
      let unwanted = await fixture.ask("GET", "/v1/whoami", as: "ann", body: "x")
      #expect(unwanted.code == "body-unwanted")
    }
  }

  /// What is small on the way and large in memory is refused quickly.
  @Test(.timeLimit(.minutes(20))) func bombsAreRefused() async throws {
    let aliases = (1...9).map {
      "a\($0): &a\($0) [\(Array(repeating: "*a\($0 - 1)", count: 10).joined(separator: ","))]"
    }
    let bombs = [
      ("application/yaml", "a0: &a0 x\n" + aliases.joined(separator: "\n")),
      ("application/yaml", String(repeating: "[", count: 100_000)),
      ("application/json", String(repeating: "{\"a\":", count: 100_000)),
      ("application/json", "{\"name\":\"lab\",\"nodes\":{\"a[1-100000000]\":{}}}"),
      ("application/xml", "<!DOCTYPE a [<!ENTITY b \"" + String(repeating: "c", count: 1000) + "\">]><a>&b;&b;</a>"),
    ]
    try await with { fixture in
      for (type, body) in bombs {
        for path in ["/v1/plans", "/v1/infrastructures/lab"] {
          let answer = await fixture.ask(
            path == "/v1/plans" ? "POST" : "PUT", path, as: "ann", headers: ["Content-Type": type], body: body)
          #expect((400..<500).contains(answer.status), "\(type) \(answer.status)")
        }
      }
      for path in ["/v1/infrastructures/lab/changes", "/v1/tokens"] {
        await fixture.build("lab")
        let answer = await fixture.ask(
          "POST", path, as: "ann", headers: ["Content-Type": "application/json"],
          body: String(repeating: "[", count: 1_000_000))
        #expect(answer.status == 400)
      }
    }
  }

  /// A remote user reads none of the controller's files, nor its environment.
  @Test func theControllersFilesStayItsOwn() async throws {
    try await with { fixture in
      let yaml = ["Content-Type": "application/yaml"]
      let image = Fixture.file("lab", extra: ", image: /etc")
      for user in ["ann", "operator"] {
        let answer = await fixture.ask("POST", "/v1/plans", as: user, headers: yaml, body: image)
        #expect(answer.code == "image-not-permitted" || answer.status == 422, "\(answer.text)")
      }
      let config = "name: lab\nnodes:\n  r: {kind: router, software: bird, config-file: /etc/passwd}\n"
      let read = await fixture.ask("POST", "/v1/plans", as: "root", headers: yaml, body: config)
      #expect(read.status == 422 && !read.text.contains("root:"))
      let environment = await fixture.ask("POST", "/v1/plans", as: "ann", headers: yaml, body: "name: ${PATH}\n")
      #expect(environment.status == 422 && !environment.text.contains("/bin"))
    }
  }

  @Test func tokensCarryTheirOwnersRightsWithinTheirScope() async throws {
    try await with { fixture in
      func issue(_ body: String) async throws -> TokenDocument {
        try await fixture.ask(
          "POST", "/v1/tokens", as: "ann", headers: ["Content-Type": "application/json"], body: body
        ).document(TokenDocument.self)
      }
      let token = try await issue("{\"scope\": \"read\", \"label\": \"for reading\"}")
      let secret = try #require(token.secret)
      let bearer = ["Authorization": "Bearer \(secret)"]
      let who = try await fixture.ask("GET", "/v1/whoami", headers: bearer).document(IdentityDocument.self)
      #expect(who.user == "uid-61002" && who.origin == "token")
      let plan = await fixture.ask(
        "POST", "/v1/plans", headers: bearer.merging(["Content-Type": "application/yaml"]) { $1 },
        body: Fixture.file("lab"))
      #expect(plan.status == 403)
      let listed = await fixture.ask("GET", "/v1/tokens", as: "ann").text
      #expect(listed.contains(token.id) && !listed.contains(secret))
      #expect(await fixture.ask("DELETE", "/v1/tokens/\(token.id)", as: "ann").status == 204)
      let revoked = await fixture.ask("GET", "/v1/whoami", headers: bearer)
      #expect(revoked.status == 401 && revoked.header("WWW-Authenticate") != nil)
      for header in ["Bearer x", "Basic YTpi", "Bearer", ""] {
        #expect(await fixture.ask("GET", "/v1/whoami", as: "ann", headers: ["Authorization": header]).status == 401)
      }
    }
  }

  /// A browser shows its certificate for any page: those of others change nothing.
  @Test func foreignPagesChangeNothing() async throws {
    try await with { fixture in
      for (origin, status) in [("https://evil.test", 403), ("null", 403), ("https://cloud.test:7743", 202)] {
        let answer = await fixture.ask(
          "PUT", "/v1/infrastructures/lab", as: "ann",
          headers: ["Content-Type": "application/yaml", "Origin": origin, "Host": "cloud.test:7743"],
          body: Fixture.file("lab"))
        #expect(answer.status == status, "\(origin)")
      }
    }
  }

  /// What is told of one user's infrastructures and offers is not told to another.
  @Test func eventsAreForThoseWhoMaySee() async throws {
    try await with { fixture in
      await fixture.build("lab")
      await fixture.ask(
        "POST", "/v1/plans?hold=true", as: "ann", headers: ["Content-Type": "application/yaml"],
        body: Fixture.file("big", cpu: "4"))
      func told(_ user: String) async throws -> String {
        await fixture.ask("GET", "/v1/events?limit=1000", as: user).text
      }
      let (own, others, all) = (try await told("ann"), try await told("bob"), try await told("root"))
      #expect(own.contains("\"lab\"") && all.contains("\"lab\"") && all.contains("big"))
      #expect(!others.contains("lab") && !others.contains("big"))
    }
  }

  @Test func changesAreAudited() async throws {
    try await with { fixture in
      await fixture.build("lab")
      await fixture.ask("DELETE", "/v1/infrastructures/none", as: "bob")
      var lines: [AuditDocument] = []
      for _ in 0..<100 where lines.count < 2 {
        try await Task.sleep(for: .milliseconds(50))
        lines = try await fixture.ask("GET", "/v1/audit", as: "root").document(Page<AuditDocument>.self).items
      }
      #expect(Set(lines.map(\.action)) == ["buildInfrastructure", "endInfrastructure"])
      #expect(Set(lines.map(\.outcome)) == ["done", "no-such-infrastructure"])
      #expect(Set(lines.map(\.user)) == ["uid-61002", "uid-61003"])
    }
  }

  @Test func followersSendOnToTheLeader() async throws {
    let fixture = try await Fixture(adjust: {
      $0.leadership = { .init(isHere: false, leader: "https://second:7743") }
    })
    defer { fixture.close() }
    let moved = await fixture.ask("DELETE", "/v1/substrate", as: "root")
    #expect(moved.status == 307 && moved.header("Location") == "https://second:7743/v1/substrate")
    #expect(await fixture.ask("GET", "/v1/substrate", as: "root").status == 200)
    let alone = try await Fixture(adjust: { $0.leadership = { .init(isHere: false) } })
    defer { alone.close() }
    let nobody = await alone.ask("DELETE", "/v1/substrate", as: "root")
    #expect(nobody.code == "no-leader" && nobody.header("Retry-After") != nil)
    #expect(await alone.ask("GET", "/readyz").status == 503)
  }

  @Test func metricsAreThere() async throws {
    try await with { fixture in
      await fixture.build("lab")
      let text = await fixture.ask("GET", "/metrics", as: "root").text
      for name in [
        "virtcloud_build_info{version=\"1.2.3\"} 1", "virtcloud_infrastructures{phase=\"building\"} 1",
        "virtcloud_hosts{state=\"absent\"} 2", "virtcloud_reserved_ratio{resource=\"cpu\",site=\"brno\"} 0.25",
        "virtcloud_link_reserved_bits_per_second{link=\"brno-prague\",direction=\"forward\"} 100000000",
        "virtcloud_admissions_total{outcome=\"admitted\"} 1", "virtcloud_leader 1", "process_open_fds ",
        "virtcloud_http_requests_total{method=\"PUT\",route=\"buildInfrastructure\",status=\"202\"} 1",
      ] {
        #expect(text.contains(name), "\(name)")
      }
    }
  }
}
