import FoundationEssentials
import Identity
import Quantities
import Testing

@Suite struct TokenTests {
  private let now = Timestamp(seconds: 1_800_000_000)
  private let anna = Principal(user: user("anna"), groups: [name("physics")], origin: .socket(uid: 1000, gid: 1000))

  private func code(_ body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch { return (error as? Problem)?.code ?? "\(error)" }
  }

  @Test func aTokenOpensUntilItExpiresOrIsRevoked() throws {
    var table = TokenTable()
    let issued = try table.issue(to: anna, scopes: [.read], description: "cron", lifetime: .seconds(60), at: now)
    #expect(issued.text.hasPrefix("vct_") && issued.text.utf8.count == 93)
    #expect(try table.verify(issued.text, at: now).owner == anna.user)
    #expect(try table.verify(issued.text, at: now + .seconds(59)).scopes == [.read])
    #expect(code { _ = try table.verify(issued.text, at: now + .seconds(60)) } == "token-expired")
    try table.revoke(issued.record.id, at: now + .seconds(5))
    try table.revoke(issued.record.id, at: now + .seconds(9))
    #expect(table[issued.record.id]?.revoked == now + .seconds(5))
    #expect(code { _ = try table.verify(issued.text, at: now) } == "token-revoked")
    #expect(code { try table.revoke("0", at: now) } == "no-such-token")
    #expect(table.forget(at: now + .seconds(29 * 86400)) == [])
    #expect(table.forget(at: now + .seconds(31 * 86400)) == [issued.record.id])
    #expect(code { _ = try table.verify(issued.text, at: now) } == "token-unknown")
  }

  @Test func whatIsStoredHasNoSecretAndComesBack() throws {
    var table = TokenTable()
    let issued = try table.issue(to: anna, scopes: Scope.all, description: "x", lifetime: nil, at: now)
    let json = try JSONEncoder().encode(issued.record)
    let text = String(decoding: json, as: UTF8.self)
    #expect(!text.contains(issued.text.dropFirst(21).prefix(64)))
    let copy = TokenTable(records: [try JSONDecoder().decode(TokenRecord.self, from: json)])
    let record = try copy.verify(issued.text, at: .latest)
    #expect(record == issued.record)
    let principal = try AccessSettings().principal(token: record)
    #expect(principal.origin == .token(id: record.id) && principal.uid == 1000 && principal.groups == anna.groups)
  }

  @Test func noFlippedBitAndNoCutTokenVerifies() throws {
    var table = TokenTable()
    let text = try table.issue(to: anna, scopes: [.read], description: "", lifetime: nil, at: now).text
    let octets = Array(text.utf8)
    for index in octets.indices {
      for bit in 0..<8 {
        var flipped = octets
        flipped[index] ^= 1 << bit
        // Decoding repairs what is no UTF-8; the repaired text is wrong too.
        let code = code { _ = try table.verify(String(decoding: flipped, as: UTF8.self), at: now) }
        #expect(code == "token-malformed", "bit \(bit) of \(index)")
      }
      #expect(code { _ = try table.verify(String(text.prefix(index)), at: now) } == "token-malformed")
    }
    for other in [text + "0", " " + text, text + "\n", text.uppercased(), "vce_" + text.dropFirst(4), "", "vct_"] {
      #expect(code { _ = try table.verify(other, at: now) } == "token-malformed")
    }
  }

  @Test func aForgedTokenWithARightCheckIsUnknown() throws {
    var (mine, others) = (TokenTable(), TokenTable())
    let text = try others.issue(to: anna, scopes: [.read], description: "", lifetime: nil, at: now).text
    _ = try mine.issue(to: anna, scopes: [.read], description: "", lifetime: nil, at: now)
    #expect(code { _ = try mine.verify(text, at: now) } == "token-unknown")
  }

  @Test func aTokenIssuesNoWiderToken() throws {
    var table = TokenTable()
    let narrow = Principal(user: anna.user, origin: .token(id: "t"), scopes: [.plan])
    #expect(
      code { _ = try table.issue(to: narrow, scopes: [.write], description: "", lifetime: nil, at: now) }
        == "scope-too-wide")
    #expect(
      try table.issue(to: narrow, scopes: [.read, .plan], description: "", lifetime: nil, at: now).record.scopes == [
        .read, .plan,
      ])
    #expect(
      code { _ = try table.issue(to: anna, scopes: [], description: "a\nb", lifetime: nil, at: now) }
        == "bad-token-description")
    #expect(
      code { _ = try table.issue(to: anna, scopes: [], description: "", lifetime: .zero, at: now) }
        == "bad-token-lifetime")
    #expect(table.count == 1)
  }

  @Test func useIsNotedSeldom() throws {
    var table = TokenTable()
    let id = try table.issue(to: anna, scopes: [.read], description: "", lifetime: nil, at: now).record.id
    #expect(table.noteUse(of: id, at: now)?.lastUsed == now)
    #expect(table.noteUse(of: id, at: now + .seconds(299)) == nil)
    #expect(table.noteUse(of: id, at: now + .seconds(300))?.lastUsed == now + .seconds(300))
    #expect(table.noteUse(of: "none", at: now) == nil)
  }

  @Test func quickWithManyTokens() throws {
    var table = TokenTable()
    let owners = (0..<1000).map { user("user-\($0)") }
    var texts: [String] = []
    for index in 0..<100_000 {
      let owner = Principal(user: owners[index % 1000], origin: .token(id: "x"))
      texts.append(try table.issue(to: owner, scopes: [.read], description: "", lifetime: nil, at: now).text)
    }
    let time = try ContinuousClock().measure {
      for text in texts.prefix(10_000) { _ = try table.verify(text, at: now) }
    }
    // Slack for a debug build on a busy machine: a search through all would take minutes.
    #expect(time < .seconds(60), "10,000 verifications took \(time)")
    #expect(table.records(of: owners[0]).count == 100)
    #expect(table.revokeAll(of: owners[0], at: now).count == 100)
    #expect(table.revokeAll(of: owners[0], at: now).isEmpty)
    #expect(code { _ = try table.verify(texts[0], at: now) } == "token-revoked")
    #expect(try table.verify(texts[1], at: now).owner == owners[1])
  }

  @Test func anEnrolmentTokenIsUsedOnce() throws {
    var table = EnrolmentTable()
    let issued = try table.issue(for: name("h1"), by: user("root"), at: now)
    #expect(code { _ = try table.redeem(issued.text, host: name("h2"), at: now) } == "token-for-another-host")
    #expect(code { _ = try table.redeem(issued.text, host: name("h1"), at: now + .seconds(86400)) } == "token-expired")
    var copy = EnrolmentTable(
      records: [try JSONDecoder().decode(EnrolmentRecord.self, from: try JSONEncoder().encode(issued.record))])
    #expect(try copy.redeem(issued.text, host: name("h1"), at: now).used == now)
    #expect(try table.redeem(issued.text, host: name("h1"), at: now).host == name("h1"))
    #expect(code { _ = try table.redeem(issued.text, host: name("h1"), at: now) } == "token-used")
    let other = try table.issue(for: name("h1"), by: user("root"), at: now)
    try table.revoke(other.record.id, at: now)
    #expect(code { _ = try table.redeem(other.text, host: name("h1"), at: now) } == "token-revoked")
    #expect(code { _ = try TokenTable().verify(other.text, at: now) } == "token-malformed")
    #expect(
      code { _ = try table.issue(for: name("h1"), by: user("root"), lifetime: .seconds(31 * 86400), at: now) }
        == "bad-token-lifetime")
    #expect(table.forget(at: now + .seconds(40 * 86400)).count == 2)
  }
}
