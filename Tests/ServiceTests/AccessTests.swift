import API
import Identity
import Quantities
import Testing
import WebServer

@testable import Service

/// Every route for every role. The table below is by the routes' names: a route that is not in it fails the test.
@Suite struct AccessTests {
  /// Who may, in the order of `callers`: 1 may, 3 is refused, 4 is told that there is no such thing, 0 is asked who
  /// they are.
  private static let callers = [
    "nobody", "stranger", "viewer", "bob", "ann", "operator", "root", "agent", "otherAgent",
  ]

  /// The routes' infrastructure, terminal and token are ann's; the agent is that of the routes' host.
  private static let expected: [String: [Int]] = {
    let open = [1, 1, 1, 1, 1, 1, 1, 1, 1]
    let known = [0, 3, 1, 1, 1, 1, 1, 3, 3]
    let everybody = [0, 3, 1, 1, 1, 1, 1, 1, 1]
    let users = [0, 3, 3, 1, 1, 1, 1, 3, 3]
    let operators = [0, 3, 3, 3, 3, 1, 1, 3, 3]
    let administrators = [0, 3, 3, 3, 3, 3, 1, 3, 3]
    let seen = [0, 3, 4, 4, 1, 1, 1, 4, 4]
    let ended = [0, 3, 4, 4, 1, 1, 1, 4, 4]
    let changed = [0, 3, 4, 4, 1, 3, 1, 4, 4]
    return [
      "readService": open, "describe": open, "readSchema": open, "health": open, "readiness": open, "console": open,
      "consoleFile": open, "enrol": open,
      "whoami": everybody, "listProjects": everybody, "listQuotas": everybody, "listTokens": everybody,
      "readUsage": everybody,
      "listInfrastructures": known, "listOffers": known, "listOperations": known, "events": known, "check": known,
      "readSubstrate": known, "readSubstrateDefinition": known, "drawSubstrate": known, "listHosts": known,
      "readHost": known, "readCalendar": known, "drawCalendar": known,
      "readInfrastructure": seen, "readDefinition": seen, "readRates": seen, "readDrops": seen,
      "drawInfrastructure": seen, "readOperation": seen,
      "buildInfrastructure": [0, 3, 4, 4, 1, 3, 1, 4, 4],
      "endInfrastructure": ended, "changeInfrastructure": changed, "moveLease": changed, "retryInfrastructure": changed,
      "pauseInfrastructure": changed, "resumeInfrastructure": changed, "openTerminal": changed,
      "takeOffer": [0, 3, 4, 4, 1, 3, 1, 4, 4],
      "readTerminal": changed, "typeIntoTerminal": changed, "resizeTerminal": changed, "closeTerminal": changed,
      "plan": users,
      "listVLANs": operators, "cordonHost": operators, "uncordonHost": operators, "drainHost": operators,
      "collectGarbage": operators, "readAudit": operators, "metrics": operators,
      "applySubstrate": administrators, "removeSubstrate": administrators, "stopService": administrators,
      "enrolHost": administrators, "putProject": administrators, "deleteProject": administrators,
      "readProject": [0, 3, 3, 3, 3, 1, 1, 3, 3],
      "issueToken": [0, 3, 1, 1, 1, 1, 1, 3, 3],
      "revokeToken": [0, 3, 4, 4, 1, 3, 1, 4, 4],
      "fetchPlans": [0, 3, 3, 3, 3, 3, 1, 1, 3],
      "fetchErrands": [0, 3, 3, 3, 3, 3, 3, 1, 3], "answerErrand": [0, 3, 3, 3, 3, 3, 3, 1, 3],
      "fetchTerminalInput": [0, 3, 3, 3, 3, 3, 3, 1, 3], "sendTerminalOutput": [0, 3, 3, 3, 3, 3, 3, 1, 3],
      "sendTerminalExit": [0, 3, 3, 3, 3, 3, 3, 1, 3],
      "report": [0, 3, 3, 3, 3, 3, 3, 1, 3], "renewCertificate": [0, 3, 3, 3, 3, 3, 3, 1, 3],
    ]
  }()

  private static func code(_ error: any Error) -> Int {
    guard let problem = error as? Problem else { return -1 }
    switch ProblemDocument.status(of: problem) {
    case 401: return 0
    case 403: return 3
    case 404: return 4
    // That a name is taken cannot be hidden from who wants it.
    case 409 where problem.code == "name-taken": return 4
    default: return -1
    }
  }

  @Test func everyRouteForEveryRole() async throws {
    let fixture = try await Fixture()
    defer { fixture.close() }
    let places = try await places(fixture)
    let agents = ["agent": try fixture.agent(fixture.hosts[0]), "otherAgent": try fixture.agent(fixture.hosts[1])]
    for route in AllRoutes.table {
      guard let expected = Self.expected[route.id] else {
        Issue.record("\(route.method.rawValue) \(route.pattern.text) (\(route.id)) is in no row of the table")
        continue
      }
      let captures = route.pattern.captures.map { places[route.tag]?[$0] ?? places[""]?[$0] ?? "x" }
      let found = Self.callers.map { caller -> Int in
        let request = Incoming(
          route.method.rawValue, "/", peer: agents[caller] ?? Fixture.peer(caller))
        do {
          let principal = try fixture.core.identify(request, isNeeded: route.access)
          try Call(
            service: fixture.core, request: request, route: route, captures: captures, principal: principal,
            glance: Glance(fixture.cloud)
          ).authorise()
          return 1
        } catch { return Self.code(error) }
      }
      #expect(found == expected, "\(route.id): \(zip(Self.callers, found).map { "\($0) \($1)" })")
    }
    #expect(Set(AllRoutes.table.map(\.id)) == Set(Self.expected.keys))
  }

  /// What the paths' captures stand for, by the routes' tag.
  private func places(_ fixture: Fixture) async throws -> [String: [String: String]] {
    let operation = try await fixture.build("lab").document(OperationDocument.self)
    let token = try await fixture.ask(
      "POST", "/v1/tokens", as: "ann", headers: ["Content-Type": "application/json"], body: "{}"
    ).document(TokenDocument.self)
    let refused = await fixture.ask(
      "POST", "/v1/plans?hold=true", as: "ann", headers: ["Content-Type": "application/yaml"],
      body: Fixture.file("big", cpu: "4"))
    let offer = try #require(try refused.document(ProblemDocument.self).offers?.first?.number)
    let owner = try UserName(parsing: "uid-\(Fixture.users["ann"] ?? 0)")
    let session = TerminalSession(
      FakeLine(), id: "terminal1", owner: owner, infrastructure: try Name(parsing: "lab"),
      node: try Name(parsing: "a"), at: .now)
    try fixture.core.terminals.add(session)
    return [
      "": ["name": "lab", "host": fixture.hosts[0].description, "node": "a", "number": "\(offer)"],
      "operations": ["id": operation.id], "terminals": ["id": session.id],
      "accounts": ["id": token.id, "name": "physics"],
    ]
  }
}
