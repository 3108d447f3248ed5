import Quantities
import Testing

@Suite struct AddressTests {
  /// RFC 5952 sections 4 and 5.
  @Test(arguments: [
    ("2001:0db8::0001", "2001:db8::1"), ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"), ("::", "::"),
    ("0:0:0:0:0:0:0:1", "::1"),
    ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"), ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
    ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("2001:DB8::A", "2001:db8::a"),
    ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
    ("::ffff:10.1.0.7", "::ffff:10.1.0.7"), ("::10.1.0.7", "::a01:7"), ("fe80::", "fe80::"),
    ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"), ("10.1.0.7", "10.1.0.7"), ("255.255.255.255", "255.255.255.255"),
  ]) func canonicalText(text: String, canonical: String) throws {
    #expect(try IPAddress(parsing: text).description == canonical)
  }

  @Test(arguments: [
    ":", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:", ":1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8::", "12345::",
    "::g",
    "::+1", "fe80::1%eth0", "1.2.3.4::", "::1.2.3", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.+4",
    " 1.2.3.4",
  ]) func noAddress(text: String) {
    #expect(code { try IPAddress(parsing: text) } == "bad-address")
  }

  @Test(arguments: ["10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "::/129", "10.0.0.0/+8", "::/0/0", "::/-1"])
  func noPrefix(text: String) {
    #expect(code { try IPPrefix(parsing: text) } == "bad-prefix")
  }

  @Test(arguments: [
    ("10.1.0.7/24", "10.1.0.0 10.1.0.255 10.1.0.1 10.1.0.254 254"),
    ("10.0.0.1/31", "10.0.0.0 10.0.0.1 10.0.0.0 10.0.0.1 2"),
    ("10.0.0.1/32", "10.0.0.1 10.0.0.1 10.0.0.1 10.0.0.1 1"),
    ("1.2.3.4/0", "0.0.0.0 255.255.255.255 0.0.0.1 255.255.255.254 4294967294"),
    ("::3/127", "::2 ::3 ::2 ::3 2"), ("::3/128", "::3 ::3 ::3 ::3 1"),
    ("fd00::/126", "fd00:: fd00::3 fd00::1 fd00::3 3"),
    (
      "::/0",
      ":: ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff ::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 18446744073709551616"
    ),
  ]) func arithmetic(text: String, expected: String) throws {
    let prefix = try IPPrefix(parsing: text)
    let found = [prefix.network, prefix.last, prefix.firstUsable, prefix.lastUsable].map(\.description)
    #expect((found + ["\(prefix.usableCount)"]).joined(separator: " ") == expected)
    #expect(prefix.contains(prefix.address) && !prefix.contains(prefix.address.version == 4 ? .v6(0) : .v4(0)))
  }

  @Test func lengthsThatAreNoneDoNotTrap() {
    #expect(IPPrefix(address: .v4(7), length: 99).usableCount == 1)
    #expect(IPPrefix(address: .v4(7), length: -1).network == .v4(0))
  }

  @Test func macAddresses() throws {
    #expect(try MACAddress(parsing: "02:56:00:01:00:0A").description == "02:56:00:01:00:0a")
    for text in ["+2:56:00:01:00:0a", "2:56:0:1:0:a", "02:56:00:01:00", "02-56-00-01-00-0a", "02:56:00:01:00:0a:"] {
      #expect(code { try MACAddress(parsing: text) } == "bad-mac", "\(text)")
    }
  }
}
