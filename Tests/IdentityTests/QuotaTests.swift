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

  @Test func everyFieldIsLimited() throws {
    let json = """
      {"infrastructures":1,"nodes":1,"cpu":"1","memory":"1B","storage":"1B","networks":1,"vlans":1,"coreRate":"1bit/s",
       "longestLease":"1s","startsAhead":"1s","offers":1}
      """
    let all = try JSONDecoder().decode(Usage.self, from: Data(json.utf8))
    let fields = fields(of: json)
    for (field, one) in fields {
      let quota = try JSONDecoder().decode(Quota.self, from: Data("{\"\(field)\":\(one)}".utf8))
      #expect(quota.shortage(of: all, holder: "x") == nil)
      let isDuration = ["longestLease", "startsAhead"].contains(field)
      let two = isDuration ? "\"2s\"" : one.replacing("1", with: "2")
      let more = try JSONDecoder().decode(Usage.self, from: Data("{\"\(field)\":\(two)}".utf8))
      #expect(quota.shortage(of: more, holder: "x")?.message.contains("'\(field)'") == true)
      #expect((quota.shortage(of: all, used: all, holder: "x") == nil) == isDuration, "\(field)")
      #expect(try JSONDecoder().decode(Quota.self, from: try JSONEncoder().encode(quota)) == quota)
      #expect(quota.mostGenerous(with: Quota()) == Quota())
    }
    #expect(fields.count == 11)
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

  /// The fields of a flat object, by splitting: order and text as written.
  private func fields(of json: String) -> [(String, String)] {
    let body = json.filter { !$0.isWhitespace }.dropFirst().dropLast()
    return body.split(separator: ",").compactMap { pair in
      let parts = pair.split(separator: ":")
      guard parts.count == 2 else { return nil }
      return (parts[0].filter { $0 != "\"" }, String(parts[1]))
    }
  }
}
