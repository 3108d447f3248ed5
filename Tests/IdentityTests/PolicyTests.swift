import Identity
import Linux
import Quantities
import Testing

/// The whole table, written down a second time by hand: whoever changes it must mean it.
@Suite struct PolicyTests {
  /// Lowest role for one's own, role in the project for others', cloud-wide for anything.
  private static let expected: [Action: (own: Role?, inProject: Role?, any: Role?, scope: Scope)] = [
    .listInfrastructures: (nil, nil, .viewer, .read), .readInfrastructure: (.viewer, .viewer, .operator, .read),
    .planInfrastructure: (.user, .user, .administrator, .plan),
    .buildInfrastructure: (.user, .operator, .administrator, .write),
    .changeInfrastructure: (.user, .operator, .administrator, .write),
    .endInfrastructure: (.user, .operator, .operator, .write),
    .extendLease: (.user, .operator, .administrator, .write),
    .openTerminal: (.user, .operator, .administrator, .write),
    .captureTraffic: (.user, .operator, .administrator, .write),
    .readSubstrate: (nil, nil, .viewer, .read), .changeSubstrate: (nil, nil, .administrator, .admin),
    .readCalendar: (nil, nil, .viewer, .read), .readVLANs: (nil, nil, .operator, .read),
    .readHosts: (nil, nil, .viewer, .read), .drainHost: (nil, nil, .operator, .admin),
    .enrolAgent: (nil, nil, .administrator, .admin),
    .expelAgent: (nil, nil, .administrator, .admin),
    .fetchPlans: (nil, nil, .administrator, .admin), .reportPlans: (nil, nil, nil, .write),
    .renewHostCertificate: (nil, nil, nil, .write), .readEvents: (.viewer, .viewer, .operator, .read),
    .readAudit: (nil, nil, .operator, .read), .readUsage: (.viewer, .viewer, .operator, .read),
    .readMetrics: (nil, nil, .operator, .read), .readOwnIdentity: (nil, nil, .viewer, .read),
    .manageTokens: (.viewer, nil, .administrator, .admin),
    .manageAllTokens: (nil, nil, .administrator, .admin),
    .readProject: (.viewer, .viewer, .operator, .read),
    .manageProjects: (nil, .administrator, .administrator, .admin),
    .manageAccess: (nil, nil, .administrator, .admin),
    .collectGarbage: (nil, nil, .operator, .admin), .manageStore: (nil, nil, .administrator, .admin),
    .stopService: (nil, nil, .administrator, .admin),
  ]
  private static let agents: Set<Action> = [.fetchPlans, .reportPlans, .renewHostCertificate, .readOwnIdentity]
  private static let drawing: Set<Action> = [
    .planInfrastructure, .buildInfrastructure, .changeInfrastructure, .extendLease,
  ]
  private static let project = name("wave")

  /// Somebody with these roles, and the policy that gives them.
  private func somebody(cloud: Role?, project role: Role?, scopes: Set<Scope> = Scope.all) -> (Policy, Principal) {
    let anna = user("anna")
    var settings = AccessSettings(localRole: nil, remoteRole: nil)
    settings.roles[.user(anna)] = cloud
    var project = Project(name: Self.project)
    project.members[.user(anna)] = role
    let policy = Policy(settings: settings, projects: [Self.project: project])
    return (policy, Principal(user: anna, origin: .token(id: "1"), scopes: scopes))
  }

  private static func atLeast(_ role: Role?, _ least: Role?) -> Bool {
    guard let role, let least else { return false }
    return role >= least
  }

  @Test func everyRoleAndActionIsDecidedAsTheTableSays() throws {
    let roles: [Role?] = [nil] + Role.allCases
    for action in Action.allCases {
      let line = try #require(Self.expected[action], "no line for \(action)")
      for cloud in roles {
        for role in roles {
          let (policy, anna) = somebody(cloud: cloud, project: role)
          let mayAny = Self.atLeast(cloud, line.any)
          func decides(_ target: Target, _ expected: Bool) {
            #expect(
              policy.allows(anna, action, on: target) == (mayAny || expected),
              "\(action) by \(cloud as Role?) in cloud, \(role as Role?) in project, on \(target)")
          }
          decides(Target(), false)
          decides(Target(owner: user("anna")), Self.atLeast(cloud, line.own))
          decides(Target(owner: user("bob")), false)
          decides(Target(owner: user("bob"), project: Self.project), Self.atLeast(role, line.inProject))
          decides(Target(owner: user("bob"), project: name("other")), false)
          let byOwning =
            Self.atLeast(role, line.own)
            || (!Self.drawing.contains(action) && Self.atLeast(cloud, line.own))
          decides(
            Target(owner: user("anna"), project: Self.project), byOwning || Self.atLeast(role, line.inProject))
          decides(
            Target(owner: user("anna"), project: name("left")),
            !Self.drawing.contains(action) && Self.atLeast(cloud, line.own))
        }
      }
    }
  }

  /// The table in the documents is this one.
  @Test func theDocumentsHaveTheSameTable() throws {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let document = try TextFile.read("/" + root + "/docs/access.md")
    func text(_ role: Role?) -> String { role?.rawValue ?? "–" }
    let expected = Action.allCases.map { action in
      let rule = ActionRule(action)
      let cells = ["`\(action.rawValue)`", text(rule.own), text(rule.inProject), text(rule.any), rule.scope.rawValue]
      return "| " + cells.joined(separator: " | ") + " |"
    }
    let rows = document.split(separator: "\n").filter { $0.hasPrefix("| `") && $0.split(separator: "|").count == 5 }
    #expect(rows.map(String.init) == expected)
  }

  @Test func scopesOnlyNarrow() throws {
    for action in Action.allCases {
      let needed = try #require(Self.expected[action]).scope
      for scope in Scope.allCases {
        let (policy, root) = somebody(cloud: .administrator, project: nil, scopes: [scope])
        let (_, unlimited) = somebody(cloud: .administrator, project: nil)
        let may = policy.allows(unlimited, action)
        #expect(policy.allows(root, action) == (may && scope >= needed), "\(action) with \(scope)")
        let (strict, viewer) = somebody(cloud: .viewer, project: nil, scopes: Scope.all)
        if !strict.allows(viewer, action) {
          let (_, narrowed) = somebody(cloud: .viewer, project: nil, scopes: [scope])
          #expect(!strict.allows(narrowed, action))
        }
      }
      let (policy, nobody) = somebody(cloud: .administrator, project: nil, scopes: [])
      #expect(!policy.allows(nobody, action))
    }
  }

  @Test func agentsServeTheirOwnHostOnly() {
    // Even where somebody gave the agent's name a role.
    let settings = AccessSettings(roles: [.user(UserName(agentOf: name("h1"))): .administrator])
    let policy = Policy(settings: settings)
    let agent = Principal(agentOf: name("h1"))
    for action in Action.allCases {
      #expect(policy.allows(agent, action, on: Target(host: name("h1"))) == Self.agents.contains(action))
      let anywhere = action == .readOwnIdentity
      #expect(policy.allows(agent, action, on: Target(host: name("h2"))) == anywhere)
      #expect(policy.allows(agent, action, on: Target(owner: agent.user)) == anywhere)
    }
  }

  @Test func hiddenObjectsAreLikeMissingOnes() throws {
    let (policy, anna) = somebody(cloud: .user, project: nil)
    let missing = Problem(.notFound, "no-such-infrastructure", "There is no infrastructure 'x'.", remedy: "List them.")
    let bobs = Target("infrastructure 'x'", owner: user("bob"))
    #expect(throws: missing) { try policy.demand(anna, .endInfrastructure, on: bobs, missing: missing) }
    #expect(throws: missing) { try policy.demand(anna, .readInfrastructure, on: bobs, missing: missing) }
    #expect(throws: missing) { try policy.demand(anna, .endInfrastructure, on: nil, missing: missing) }
    let (shared, viewer) = somebody(cloud: .user, project: .viewer)
    let projects = Target("infrastructure 'x'", owner: user("bob"), project: Self.project)
    #expect(try shared.demand(viewer, .readInfrastructure, on: projects, missing: missing) == projects)
    let refusal = #expect(throws: Problem.self) {
      try shared.demand(viewer, .endInfrastructure, on: projects, missing: missing)
    }
    #expect(refusal?.kind == .notPermitted)
    #expect(refusal?.code == "not-permitted")
    #expect(refusal?.message == "anna may not end infrastructure 'x'.")
    #expect(
      refusal?.remedy == "It takes the role 'operator' in project 'wave' or the role 'operator' in the whole cloud: "
        + "ask an administrator.")
  }

  @Test func aRefusalForScopeSaysSo() {
    let (policy, anna) = somebody(cloud: .user, project: nil, scopes: [.read])
    let refusal = #expect(throws: Problem.self) {
      try policy.demand(anna, .buildInfrastructure, on: Target(owner: anna.user))
    }
    #expect(refusal?.message == "anna may not build what belongs to anna.")
    #expect(refusal?.remedy == "The token lacks the scope 'write'; use one that has it.")
  }

  @Test func everyRefusalIsASentence() {
    let nobody = Principal(user: user("eve"), origin: .token(id: "1"))
    let policy = Policy(settings: AccessSettings(remoteRole: nil))
    for action in Action.allCases {
      let problem = #expect(throws: Problem.self) { try policy.demand(nobody, action) }
      #expect(problem?.message.hasPrefix("eve may not ") == true && problem?.message.contains("  ") == false)
      #expect(problem?.message.hasSuffix(".") == true && problem?.remedy.hasSuffix(".") == true)
    }
  }
}

/// For names written in a test.
func name(_ text: String) -> Name {
  guard let name = Name(text) else { preconditionFailure("\(text) is no name") }
  return name
}

func user(_ text: String) -> UserName {
  guard let user = UserName(text) else { preconditionFailure("\(text) is no user's name") }
  return user
}
