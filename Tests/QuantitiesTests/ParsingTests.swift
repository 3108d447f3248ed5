import Quantities
import Testing

/// The code with which `parse` refuses; "read" where it does not.
func code(_ parse: () throws -> Any) -> String {
  do {
    return "read: \(try parse())"
  } catch {
    return (error as? Problem)?.code ?? "no problem"
  }
}

@Suite struct ParsingTests {
  static let nonsense = [
    "", " ", "-", "-1", "+1", ".", ".5", "5.", "1.2.3", "1e3", "0x10", "NaN", "1,5", "٣", "１", "1\u{301}", "1_000",
    "\n",
  ]

  @Test(arguments: nonsense) func nonsenseIsNoQuantity(text: String) {
    for unit in ["bit/s", "B", "", "s"] {
      let results = [
        code { try Bitrate(parsing: text + unit) }, code { try ByteCount(parsing: text + unit) },
        code { try Cores(parsing: text + unit) }, code { try Duration(parsing: text + unit) },
      ]
      #expect(results.allSatisfy { ["bad-quantity", "bad-unit"].contains($0) }, "\(text + unit): \(results)")
    }
    #expect(code { try IPAddress(parsing: text) } == "bad-address")
    #expect(code { try IPPrefix(parsing: text) } == "bad-prefix")
    #expect(code { try MACAddress(parsing: text) } == "bad-mac")
    // Nothing and a list are sets of VLANs.
    #expect(["", "1,5"].contains(text) || code { try VLANSet(parsing: text) } == "bad-vlans")
  }

  @Test(arguments: [" 1B", "1B ", "1  B", "1b", "1MIB", "1", "1 ", "1 \u{212A}iB"]) func bytesAreStrict(text: String) {
    #expect(["bad-quantity", "bad-unit"].contains(code { try ByteCount(parsing: text) }), "\(text)")
  }

  @Test func tooLargeAndTooFineAreRefused() {
    let huge = "1" + String(repeating: "0", count: 30)
    for text in ["\(huge)Mbit/s", "9223372036854775808bit/s", "0.5bit/s", "0.0000000000001Tbit/s", "1.0001kbit/s"] {
      #expect(code { try Bitrate(parsing: text) } == "quantity-out-of-range", "\(text)")
    }
    #expect(code { try Cores(parsing: "0.0001") } == "quantity-out-of-range")
    #expect(code { try Duration(parsing: "36526d") } == "quantity-out-of-range")
    #expect(code { try Duration(parsing: "36525d1ns") } == "quantity-out-of-range")
  }

  @Test func quantitiesAreExact() throws {
    #expect(try Bitrate(parsing: "0.1Gbit/s").bitsPerSecond == 100_000_000)
    #expect(try Bitrate(parsing: "2.5 Gbit/s").description == "2500Mbit/s")
    #expect(try Bitrate(parsing: "9223372036854775807bit/s").bitsPerSecond == UInt64(Int64.max))
    #expect(try Bitrate(parsing: "1.0000000000000000000000000000Tbit/s").description == "1Tbit/s")
    #expect(try ByteCount(parsing: "0.00000095367431640625MiB").bytes == 1)
    #expect(try ByteCount(parsing: "128MiB").description == "128MiB")
    #expect(try Cores(parsing: "0.25").thousandths == 250)
  }

  @Test func durations() throws {
    #expect(try Duration(parsing: "1h30m") == .seconds(5400))
    #expect(try Duration(parsing: "10 ms") == .milliseconds(10))
    #expect(try Duration(parsing: "1.5h").text == "1h30m")
    #expect(try Duration(parsing: "36525d").text == "36525d")
    #expect(Duration.zero.text == "0s" && Duration.seconds(-5).text == "0s")
    #expect(Duration.seconds(Int64.max).text.hasPrefix("106751991167300d"))
    for text in ["30m1h", "1h1h", "1h.5m"] {
      #expect(code { try Duration(parsing: text) } == "bad-quantity", "\(text)")
    }
  }

  @Test func names() throws {
    #expect(Name("a") != nil && Name("0-9") != nil && Name(String(repeating: "a", count: 63)) != nil)
    for text in ["", "-a", "a-", "A", "a.b", "a b", "é", "b\u{302}", "a\r\n", String(repeating: "a", count: 64)] {
      #expect(code { try Name(parsing: text) } == "bad-name", "\(text.excerpt)")
    }
    #expect("\u{1b}[1m".excerpt == "?[1m")
    #expect(String(repeating: "x", count: 61).excerpt == String(repeating: "x", count: 60) + "…")
  }

  @Test func vlans() throws {
    #expect(try VLANSet(parsing: "300, 100-102,103").description == "100-103, 300")
    #expect(try VLANSet(parsing: "").members.isEmpty && VLANID(4094)?.description == "4094")
    for text in ["0", "4095", "5-4", "1-", "1-2-3", ",", "1,", "01", "70000", "1 2"] {
      #expect(code { try VLANSet(parsing: text) } == "bad-vlans", "\(text)")
    }
  }

  /// Half a million times every VLAN, which would take minutes.
  @Test func aSetOfVLANsThatRepeatsItselfIsRefused() {
    let text = String(repeating: "1-4094,", count: 500_000) + "1"
    let problem = #expect(throws: Problem.self) { _ = try VLANSet(parsing: text) }
    #expect(problem?.code == "bad-vlans")
    #expect((problem?.message.utf8.count ?? 0) < 200)
  }

  /// Numbers of seconds that no text gives, but a damaged document may.
  @Test func everyMomentHasAText() {
    #expect(Timestamp(seconds: -1).description == "1969-12-31T23:59:59Z")
    #expect(Timestamp(seconds: -86400).description == "1969-12-31T00:00:00Z")
    #expect(Timestamp(seconds: .min).description.hasSuffix("Z"))
    #expect(Timestamp(seconds: .max - 1).description.hasSuffix("Z"))
  }
}
