import FoundationEssentials
import Identity
import Quantities
import Testing

@Suite struct AccessSettingsTests {
  private static let json = #"""
    {"roles": {"olga": "operator", "group:admins": "administrator"},
     "groups": {"admins": ["zoe"]}, "remoteRole": "none",
     "gridMap": [
       {"subject": "CN=Anna Meyer,OU=Physics,**", "issuer": "CN=CA,**", "user": "anna", "groups": ["physics"]},
       {"subject": "CN=*,OU=Staff,O=Lab\\, Grenoble,C=FR", "user": "{CN}@lab.fr"},
       {"subject": "**", "issuer": "CN=Open CA", "user": "{UID}"}],
     "quotas": {"group:physics": {"nodes": 10}, "anna": {"nodes": 20}}, "quota": {"nodes": 3, "longestLease": "7d"}}
    """#

  private func settings() throws -> AccessSettings {
    try JSONDecoder().decode(AccessSettings.self, from: Data(Self.json.utf8))
  }

  @Test func survivesEncoding() throws {
    let settings = try settings()
    #expect(try JSONDecoder().decode(AccessSettings.self, from: try JSONEncoder().encode(settings)) == settings)
    #expect(try JSONDecoder().decode(AccessSettings.self, from: Data("{}".utf8)) == AccessSettings())
    #expect(settings.remoteRole == nil && settings.localRole == .user)
  }

  @Test(arguments: [
    #"{"role": {}}"#, #"{"roles": {"a b": "user"}}"#, #"{"roles": {"anna": "king"}}"#, #"{"localRole": "king"}"#,
    #"{"gridMap": [{"subject": "no name", "user": "x"}]}"#, #"{"gridMap": [{"subject": "CN=x", "usr": "x"}]}"#,
    #"{"quota": {"nodez": 1}}"#, #"{"gridMap": [{"subject": "CN=x", "user": "@h1"}]}"#,
    #"{"gridMap": [{"subject": "CN=x", "user": "{CN"}]}"#, #"{"gridMap": [{"subject": "CN=x", "user": "a b{CN}"}]}"#,
  ])
  func whatIsNotUnderstoodIsRefused(_ json: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(AccessSettings.self, from: Data(json.utf8)) }
  }

  @Test func localUsers() throws {
    let settings = try settings()
    let root = try settings.principal(uid: 0, gid: 0, name: "root")
    #expect(settings.role(of: root) == .administrator)
    let paul = try settings.principal(uid: 1000, gid: 1000, name: "paul", groupNames: ["users", "Bad Group"])
    #expect(settings.role(of: paul) == .user && paul.groups == [name("users")])
    let zoe = try settings.principal(uid: 1001, gid: 1, name: "zoe")
    #expect(settings.role(of: zoe) == .administrator, "by a configured group")
    #expect(try settings.principal(uid: 7, gid: 7, name: "Größe").user == user("uid-7"))
    #expect(try settings.principal(uid: 7, gid: 7, name: "@h1").user == user("uid-7"), "no agent's name")
    var closed = settings
    closed.localRole = nil
    let refusal = #expect(throws: Problem.self) { try closed.principal(uid: 1000, gid: 1000, name: "paul") }
    #expect(refusal?.code == "not-let-in")
    #expect(try closed.principal(uid: 5, gid: 5, name: "olga").user == user("olga"))
  }

  @Test func tokensHaveTheirOwnersRole() throws {
    let settings = try settings()
    func token(_ owner: String, uid: UInt32?) throws -> Principal {
      try settings.principal(tokenID: "t", owner: user(owner), groups: [], scopes: [.read], uid: uid)
    }
    #expect(settings.role(of: try token("root", uid: 0)) == .administrator)
    #expect(settings.role(of: try token("paul", uid: 1000)) == .user)
    #expect(settings.role(of: try token("olga", uid: nil)) == .operator)
    #expect(throws: Problem.self) { try token("stranger", uid: nil) }
    #expect(throws: Problem.self, "a name is not an account") { try token("root", uid: nil) }
  }

  @Test func certificatesFindTheirRule() throws {
    var settings = try settings()
    settings.remoteRole = .user
    func person(_ subject: String, by issuer: String) throws -> Principal {
      try settings.principal(
        subject: DistinguishedName(parsing: subject), issuer: DistinguishedName(parsing: issuer), fingerprint: "00")
    }
    let anna = try person("CN=Anna Meyer,OU=Physics,O=Uni,C=DE", by: "CN=CA,O=Grid")
    #expect(anna.user == user("anna") && anna.groups == [name("physics")])
    #expect(settings.quota(of: anna).nodes == 20)
    #expect(try person("CN=bob,OU=Staff,O=Lab\\, Grenoble,C=FR", by: "CN=X").user == user("bob@lab.fr"))
    let refusal = #expect(throws: Problem.self) { try person("CN=Anna Meyer,OU=Physics,O=Uni", by: "CN=Evil CA") }
    #expect(refusal?.code == "not-let-in")
    for name in [
      "UID=root,C=FR", "UID=uid-7", "UID=@h1", "UID=a b/c", "CN=no uid", "UID=\\00x".replacing("\\00", with: "\\01"),
    ] {
      let unusable = #expect(throws: Problem.self) { try person(name, by: "CN=Open CA") }
      #expect(unusable?.code == "certificate-name-unusable", "\(name)")
    }
  }

  @Test func quotasOfUsersGroupsAndEverybody() throws {
    let settings = try settings()
    let paul = Principal(user: user("paul"), groups: [name("physics")], origin: .token(id: "t"))
    #expect(settings.quota(of: paul).nodes == 10)
    #expect(
      settings.quota(of: Principal(user: user("paul"), origin: .token(id: "t"))).longestLease == .seconds(604_800))
  }

  @Test func originsAreToldInOneLine() throws {
    let origins: [Principal.Origin] = [
      .socket(uid: 7, gid: 8), .certificate(subject: "CN=a", issuer: "CN=b", fingerprint: "00"), .token(id: "1"),
      .agent(host: name("h1")),
    ]
    #expect(origins.map(\.kind) == ["socket", "certificate", "token", "agent"])
    #expect(
      origins.map(\.description)
        == ["socket of uid 7", "certificate 00 of CN=a by CN=b", "token 1", "agent of host h1"])
    for origin in origins {
      let principal = Principal(user: user("a"), groups: [name("g")], origin: origin, scopes: [.read])
      #expect(try JSONDecoder().decode(Principal.self, from: try JSONEncoder().encode(principal)) == principal)
    }
  }

  @Test func namesOfUsers() {
    let long = String(repeating: "a", count: 64)
    for text in ["a", "_apt", "Anna.Meyer@lab-1.fr", "0x", long] {
      #expect(UserName(text)?.description == text)
    }
    for text in ["", " ", ".", "..", "-rf", "a b", "a/b", "é", "a\0", "a\n", "a:b", "@", "@-", "e\u{301}", long + "a"] {
      #expect(UserName(text) == nil, "\(text)")
    }
    #expect(UserName("@h1")?.isAgent == true && UserName(agentOf: name("h1")) == UserName("@h1"))
  }
}
