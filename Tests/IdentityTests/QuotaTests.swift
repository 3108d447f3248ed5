import FoundationEssentials
import Identity
import Quantities
import Testing

@Suite struct QuotaTests {
  @Test func noLimitsRefuseNothing() {
    let all = Usage(
      infrastructures: .max, nodes: .max, cpu: Cores(thousandths: .max), memory: ByteCount(bytes: .max),
      storage: ByteCount(bytes: .max), networks: .max, vlans: .max, coreRate: Bitrate(bitsPerSecond: .max),
      longestLease: .seconds(1 << 60), startsAhead: .seconds(1 << 60), offers: .max)
    #expect(Quota().shortage(of: all, used: all, holder: "user anna") == nil)
    #expect(all + all == all, "sums stop at their types' limits")
  }

  @Test func aShortageNamesQuotaUsedAskedAndLeft() {
    var quota = Quota()
    quota.memory = ByteCount(bytes: 1 << 30)
    let used = Usage(memory: ByteCount(bytes: 768 << 20))
    #expect(quota.shortage(of: Usage(memory: ByteCount(bytes: 256 << 20)), used: used, holder: "user anna") == nil)
    let problem = quota.shortage(of: Usage(memory: ByteCount(bytes: 257 << 20)), used: used, holder: "user anna")
    #expect(problem?.kind == .refused && problem?.code == "quota-exceeded")
    #expect(
      problem?.message
        == "The quota 'memory' of user anna is 1GiB: 768MiB used, 257MiB asked for, 256MiB left.")
  }

  /// Each field as JSON has it with the value one, and two of it used.
  private static let fields: [(name: String, one: String, two: Usage)] = [
    ("infrastructures", "1", Usage(infrastructures: 2)), ("nodes", "1", Usage(nodes: 2)),
    ("cpu", "\"1\"", Usage(cpu: Cores(thousandths: 2000))), ("memory", "\"1B\"", Usage(memory: ByteCount(bytes: 2))),
    ("storage", "\"1B\"", Usage(storage: ByteCount(bytes: 2))), ("networks", "1", Usage(networks: 2)),
    ("vlans", "1", Usage(vlans: 2)), ("coreRate", "\"1bit/s\"", Usage(coreRate: Bitrate(bitsPerSecond: 2))),
    ("longestLease", "\"1s\"", Usage(longestLease: .seconds(2))),
    ("startsAhead", "\"1s\"", Usage(startsAhead: .seconds(2))), ("offers", "1", Usage(offers: 2)),
  ]

  @Test func everyFieldIsLimited() throws {
    let all = Usage(
      infrastructures: 1, nodes: 1, cpu: Cores(thousandths: 1000), memory: ByteCount(bytes: 1),
      storage: ByteCount(bytes: 1), networks: 1, vlans: 1, coreRate: Bitrate(bitsPerSecond: 1),
      longestLease: .seconds(1), startsAhead: .seconds(1), offers: 1)
    for (field, one, two) in Self.fields {
      let quota = try JSONDecoder().decode(Quota.self, from: Data("{\"\(field)\":\(one)}".utf8))
      #expect(quota.shortage(of: all, holder: "x") == nil)
      #expect(quota.shortage(of: two, holder: "x")?.message.contains("'\(field)'") == true)
      let isDuration = ["longestLease", "startsAhead"].contains(field)
      #expect((quota.shortage(of: all, used: all, holder: "x") == nil) == isDuration, "\(field)")
      #expect(try JSONDecoder().decode(Quota.self, from: try JSONEncoder().encode(quota)) == quota)
      #expect(quota.mostGenerous(with: Quota()) == Quota())
    }
    #expect(Set(Self.fields.map(\.name)).count == Mirror(reflecting: Quota()).children.count)
  }

  @Test func aLoweredLimitStillLetsShrink() {
    var quota = Quota()
    quota.nodes = 5
    let used = Usage(nodes: 20)
    #expect(quota.shortage(of: Usage(nodes: 12), used: used, replacing: used, holder: "x") == nil)
    #expect(quota.shortage(of: Usage(nodes: 20), used: used, replacing: used, holder: "x") == nil)
    #expect(quota.shortage(of: Usage(nodes: 21), used: used, replacing: used, holder: "x") != nil)
    #expect(quota.shortage(of: Usage(nodes: 0), used: used, holder: "x") == nil)
  }

  @Test(arguments: [#"{"node":3}"#, #"{"nodes":-1}"#, #"{"memory":"1 pound"}"#, #"{"longestLease":7}"#])
  func aQuotaThatIsNoneIsRefused(_ json: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Quota.self, from: Data(json.utf8)) }
  }
}
