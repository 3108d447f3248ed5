import API
import Controller
import Quantities
import Testing

@testable import Service

/// What users do with infrastructures.
@Suite struct InfrastructureTests {
  private let yaml = ["Content-Type": "application/yaml"]

  private func with(_ body: (Fixture) async throws -> Void) async throws {
    let fixture = try await Fixture()
    defer { fixture.close() }
    try await body(fixture)
  }

  @Test func isBuiltSeenAndEnded() async throws {
    try await with { fixture in
      let built = await fixture.build("lab")
      #expect(built.status == 202)
      let operation = try built.document(OperationDocument.self)
      #expect(operation.kind == "build" && operation.target == "lab" && operation.state == .running)
      #expect(built.header("Location") == "/v1/operations/\(operation.id)")
      let list = try await fixture.ask("GET", "/v1/infrastructures", as: "ann").document(
        Page<InfrastructureSummary>.self)
      #expect(list.items.map(\.name.description) == ["lab"])
      let one = await fixture.ask("GET", "/v1/infrastructures/lab", as: "ann")
      let document = try one.document(InfrastructureDocument.self)
      #expect(document.nodes.count == 2 && document.networks.count == 1)
      #expect(one.header("ETag") == "\"\(document.summary.revision)\"")
      let again = await fixture.ask(
        "GET", "/v1/infrastructures/lab", as: "ann", headers: ["If-None-Match": one.header("ETag") ?? ""])
      #expect(again.status == 304 && again.bytes.isEmpty)
      #expect(await fixture.ask("DELETE", "/v1/infrastructures/lab", as: "ann").status == 202)
    }
  }

  /// What belongs to another cannot be told from what is not there.
  @Test func othersDoNotLearnThatItIsThere() async throws {
    try await with { fixture in
      await fixture.build("lab")
      for (method, path, body) in [
        ("GET", "", ""), ("GET", "/definition", ""), ("DELETE", "", ""), ("POST", "/retry", ""),
        ("PATCH", "/lease", "{}"), ("POST", "/changes", "[]"), ("GET", "/rates", ""), ("GET", "/diagram", ""),
      ] {
        let type = ["Content-Type": "application/json"]
        let there = await fixture.ask(method, "/v1/infrastructures/lab\(path)", as: "bob", headers: type, body: body)
        let gone = await fixture.ask(method, "/v1/infrastructures/lob\(path)", as: "bob", headers: type, body: body)
        #expect(there.status == 404)
        #expect(there.text == gone.text.replacing("lob", with: "lab"))
      }
      let list = await fixture.ask("GET", "/v1/infrastructures", as: "bob")
      let found1 = try list.document(Page<InfrastructureSummary>.self)
      #expect(found1.items.isEmpty)
      let taken = await fixture.ask(
        "PUT", "/v1/infrastructures/lab", as: "bob", headers: yaml, body: Fixture.file("lab"))
      #expect(taken.status == 409 && taken.code == "name-taken")
    }
  }

  @Test func isChangedOnlyAsItWasKnown() async throws {
    try await with { fixture in
      func put(_ headers: [String: String]) async -> Answer {
        await fixture.ask(
          "PUT", "/v1/infrastructures/lab", as: "ann", headers: yaml.merging(headers) { $1 }, body: Fixture.file("lab"))
      }
      #expect(await put(["If-Match": "*"]).status == 412)
      #expect(await put(["If-None-Match": "*"]).status == 202)
      let second = await put(["If-None-Match": "*"])
      #expect(second.status == 412 && second.code == "revision-changed")
      #expect(await put(["If-Match": "\"0\""]).status == 412)
      let tag = await fixture.ask("GET", "/v1/infrastructures/lab", as: "ann").header("ETag") ?? ""
      #expect(await put(["If-Match": tag]).status == 202)
    }
  }

  @Test func sameKeyIsSameOperation() async throws {
    try await with { fixture in
      func put(_ key: String) async -> Answer {
        await fixture.ask(
          "PUT", "/v1/infrastructures/lab", as: "ann", headers: yaml.merging(["Idempotency-Key": key]) { $1 },
          body: Fixture.file("lab"))
      }
      let first = try await put("one").document(OperationDocument.self)
      let second = try await put("one").document(OperationDocument.self)
      #expect(second.id == first.id)
      #expect(await put("with blank").code == "bad-parameter")
      #expect(await put(String(repeating: "x", count: 129)).status == 400)
    }
  }

  @Test func dryRunChangesNothing() async throws {
    try await with { fixture in
      let dry = await fixture.ask(
        "PUT", "/v1/infrastructures/lab?dryRun=true", as: "ann", headers: yaml, body: Fixture.file("lab"))
      let proposal = try dry.document(ProposalDocument.self)
      #expect(dry.status == 200 && proposal.change == .new && !proposal.resources.isEmpty)
      #expect(await fixture.ask("GET", "/v1/infrastructures/lab", as: "ann").status == 404)
      // Misspelt, it must not build anything.
      let misspelt = await fixture.ask(
        "PUT", "/v1/infrastructures/lab?dryrun=true", as: "ann", headers: yaml, body: Fixture.file("lab"))
      #expect(misspelt.code == "unknown-parameter" && misspelt.text.contains("dryRun"))
    }
  }

  @Test func refusalsCarryOffersThatOnlyTheirOwnerSees() async throws {
    try await with { fixture in
      #expect(await fixture.build("lab").status == 202)
      let large = Fixture.file("big", cpu: "4")
      let refused = await fixture.ask("POST", "/v1/plans?hold=true", as: "bob", headers: yaml, body: large)
      let problem = try refused.document(ProblemDocument.self)
      #expect(refused.status == 409 && problem.status == 409)
      let offers = try #require(problem.offers)
      #expect(!offers.isEmpty)
      for user in ["bob", "root"] {
        let seen = await fixture.ask("GET", "/v1/offers", as: user)
        let found2 = try seen.document(Page<OfferDocument>.self)
        #expect(found2.items.count == offers.count)
      }
      let others = await fixture.ask("GET", "/v1/offers", as: "ann")
      let found3 = try others.document(Page<OfferDocument>.self)
      #expect(found3.items.isEmpty)
      let number = try #require(offers.first?.number)
      #expect(await fixture.ask("POST", "/v1/offers/\(number)/take", as: "ann").status == 404)
      #expect(await fixture.ask("POST", "/v1/offers/\(number)/take", as: "bob").status == 202)
    }
  }

  @Test func waitsWhereTheClientWould() async throws {
    try await with { fixture in
      let begun = ContinuousClock.now
      let answer = await fixture.ask(
        "PUT", "/v1/infrastructures/lab", as: "ann", headers: yaml.merging(["Prefer": "wait=1"]) { $1 },
        body: Fixture.file("lab"))
      // No agent works here, so it cannot have ended.
      #expect(answer.status == 202 && answer.header("Preference-Applied") == "wait=1")
      #expect(ContinuousClock.now - begun >= .seconds(1))
    }
  }

  @Test func definitionsAreFilesAgain() async throws {
    try await with { fixture in
      await fixture.build("lab")
      let yaml = await fixture.ask("GET", "/v1/infrastructures/lab/definition", as: "ann")
      #expect(yaml.header("Content-Type") == "application/yaml")
      for type in ["application/yaml", "application/json"] {
        let file = await fixture.ask(
          "GET", "/v1/infrastructures/lab/definition", as: "ann", headers: ["Accept": type])
        #expect(file.header("Content-Type") == type)
        let again = await fixture.ask(
          "PUT", "/v1/infrastructures/lab?dryRun=true", as: "ann", headers: ["Content-Type": type], body: file.text)
        let found4 = try again.document(ProposalDocument.self)
        #expect(found4.change == .unchanged)
      }
      let other = await fixture.ask(
        "GET", "/v1/infrastructures/lab/definition", as: "ann", headers: ["Accept": "image/png"])
      #expect(other.status == 406)
    }
  }

  @Test func picturesNameTheirParts() async throws {
    try await with { fixture in
      await fixture.build("lab")
      let picture = await fixture.ask("GET", "/v1/infrastructures/lab/diagram", as: "ann")
      #expect(picture.header("Content-Type") == "image/svg+xml")
      #expect(picture.text.contains("<title>a</title>") && picture.text.contains("&#45;&#45;b</title>"))
      let dot = await fixture.ask("GET", "/v1/infrastructures/lab/diagram?format=dot", as: "ann")
      #expect(dot.text.hasPrefix("graph"))
      #expect(await fixture.ask("GET", "/v1/calendar.svg", as: "ann").text.contains("<svg"))
    }
  }
}
