import API
import Foundation
import Glibc
import Linux
import Quantities
import TestSupport
import Testing

@testable import Service

/// The API's description says what is so.
@Suite struct DescriptionTests {
  /// Each answer of a cloud in which something goes on is what its schema says.
  @Test func documentsAreAsTheirSchemasSay() async throws {
    let fixture = try await Fixture()
    defer { fixture.close() }
    let lines = try await answers(fixture).map { "\($0.schema)\t\($0.text)" }
    let description = fixture.folder + "/openapi.json"
    let documents = fixture.folder + "/documents"
    try Data(await fixture.ask("GET", "/v1/openapi.json").bytes).write(to: URL(fileURLWithPath: description))
    try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: documents))
    let result = try Programs.run(
      "/usr/bin/python3", [try Programs.tool("validate.py"), description, documents], in: fixture.folder)
    #expect(result.status == 0, "\(result.output)")
  }

  private func answers(_ fixture: Fixture) async throws -> [(schema: String, text: String)] {
    let json = ["Content-Type": "application/json"]
    let yaml = ["Content-Type": "application/yaml"]
    let built = await fixture.build("lab")
    let project = await fixture.ask(
      "PUT", "/v1/projects/physics", as: "root", headers: json,
      body: "{\"members\": {\"group:staff\": \"user\"}, \"quota\": {\"cpu\": \"4\", \"longestLease\": \"7d\"}}")
    let token = await fixture.ask("POST", "/v1/tokens", as: "ann", headers: json, body: "{}")
    let grant = await fixture.ask(
      "POST", "/v1/enrolments", as: "root", headers: json, body: "{\"host\": \"brno-1\"}")
    let plan = await fixture.ask("POST", "/v1/plans", as: "ann", headers: yaml, body: Fixture.file("other"))
    let refused = await fixture.ask(
      "POST", "/v1/plans?hold=true", as: "ann", headers: yaml, body: Fixture.file("big", cpu: "4"))
    let check = await fixture.ask("POST", "/v1/check", as: "ann", headers: yaml, body: "name: 1-\n")
    let plans = await fixture.ask(
      "GET", "/v1/agents/brno-1/plans", peer: try fixture.agent(fixture.hosts[0]))
    var answers = [
      ("OperationDocument", built), ("ProjectDocument", project), ("TokenDocument", token), ("EnrolmentGrant", grant),
      ("ProblemDocument", refused), ("ProposalDocument", plan), ("CheckDocument", check), ("PlansDocument", plans),
    ]
    for (schema, path) in [
      ("ServiceDocument", "/v1"), ("IdentityDocument", "/v1/whoami"),
      ("InfrastructureSummaryPage", "/v1/infrastructures"), ("InfrastructureDocument", "/v1/infrastructures/lab"),
      ("OfferDocumentPage", "/v1/offers"), ("OperationDocumentPage", "/v1/operations"),
      ("EventDocumentPage", "/v1/events"), ("SubstrateDocument", "/v1/substrate"), ("HostDocumentPage", "/v1/hosts"),
      ("HostDocument", "/v1/hosts/brno-1"), ("VLANRowPage", "/v1/vlans"), ("BookingDocumentPage", "/v1/calendar"),
      ("BookingDocumentPage", "/v1/calendar?resource=site/brno&limit=2"), ("UsageDocumentPage", "/v1/usage"),
      ("AuditDocumentPage", "/v1/audit"), ("ProjectDocumentPage", "/v1/projects"), ("TokenDocumentPage", "/v1/tokens"),
      ("QuotaDocumentPage", "/v1/quotas"), ("UsageDocumentPage", "/v1/usage?parts=7"),
      ("ProblemDocument", "/v1/infrastructures/none"),
    ] {
      answers.append((schema, await fixture.ask("GET", path, as: "root")))
    }
    for (schema, answer) in answers { #expect(answer.header("Content-Type")?.contains("json") == true, "\(schema)") }
    return answers.map { ($0.0, $0.1.text) }
  }

  /// Every name is there once, and everything that is referred to exists.
  @Test func isWholeInItself() throws {
    let document = OpenAPI.document(AllRoutes.table, version: "1")
    let text = String(decoding: try DocumentJSON.bytes(document), as: UTF8.self)
    for part in text.split(separator: "\"#/components/schemas/").dropFirst() {
      let name = String(part.prefix { $0 != "\"" })
      #expect(DocumentSchemas.all[name] != nil, "\(name)")
    }
    #expect(Set(AllRoutes.table.map(\.id)).count == AllRoutes.table.count)
  }
}
