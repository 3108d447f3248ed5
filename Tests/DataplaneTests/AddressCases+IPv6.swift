@testable import Dataplane

extension AddressCase {
  static func ipv6() throws -> [AddressCase] {
    let plain = Packet.udp(5000, 5001)
    let foreign = DropReason.guestForeignAddress
    let server = DropReason.guestDHCPServer
    func one(
      _ name: String, _ payload: [UInt8], _ reason: DropReason?, router: DropReason?? = .some(nil), padded: Bool = true
    ) -> AddressCase {
      AddressCase(name + " (6)", 0x86dd, payload, reason, router: router, padded: padded)
    }
    let good = try Packet.ipv6("fd00::1", next: 17, plain)
    return [
      one("own", good, nil),
      one("second", try Packet.ipv6("fd00::2", next: 17, plain), nil),
      one("link-local", try Packet.ipv6(local, next: 17, plain), nil),
      one("declared link-local", try Packet.ipv6("fe80::77", next: 17, plain), nil),
      one("TCP", try Packet.ipv6("fd00::1", next: 6, plain), nil),
      one("no next header", try Packet.ipv6("fd00::1", next: 59, []), nil),
      one("echo", try Packet.ipv6("fd00::1", try Packet.icmp6(128)), nil),
      one("foreign", try Packet.ipv6("fd00::50", next: 17, plain), foreign),
      one("other link-local", try Packet.ipv6(otherLocal, next: 17, plain), foreign),
      one("odd link-local", try Packet.ipv6("fe80:0:0:1:412:34ff:fe56:789a", next: 17, plain), foreign),
      one("a neighbour's IPv4", try Packet.ipv6("::ffff:10.0.0.50", next: 17, plain), foreign),
      one("group source", try Packet.ipv6("ff02::1", next: 17, plain), foreign),
      one("anonymous UDP", try Packet.ipv6("::", next: 17, plain), foreign, router: nil),
      one("anonymous TCP", try Packet.ipv6("::", next: 6, plain), foreign, router: nil),
      one("anonymous echo", try Packet.ipv6("::", try Packet.icmp6(128)), foreign, router: nil),
      one("anonymous report", try Packet.ipv6("::", try Packet.icmp6(143)), nil),
      one(
        "anonymous report behind hop-by-hop",
        try Packet.ipv6("::", next: 0, Packet.extended(next: 58, Packet.icmp6(143))), nil),
      one("DHCPv6 question", try Packet.ipv6(local, to: "ff02::1:2", next: 17, Packet.udp(546, 547)), nil),
      one("DHCPv6 answer", try Packet.ipv6(local, next: 17, Packet.udp(547, 546)), server),
      one("DHCPv6 answer, odd port", try Packet.ipv6(local, next: 17, Packet.udp(9547, 546)), server),
      one(
        "DHCPv6 answer, hidden",
        try Packet.ipv6(local, next: 60, Packet.extended(next: 17, Packet.udp(547, 546))), server),
      one(
        "DHCPv6 answer in pieces",
        try Packet.ipv6(
          local, next: 44, Packet.fragmented(next: 17, offset: 0, isLast: false, Packet.udp(547, 546))), server),
      one("version 4", [0x40] + good.dropFirst(), foreign, router: nil),
      one("cut in IP", Array(good.prefix(39)), foreign, router: nil, padded: false),
      one("cut in UDP", Array(good.prefix(47)), .guestHeaderChain, router: nil, padded: false),
      one("nothing", [], foreign, router: nil, padded: false),
    ]
  }

  static func discovery() throws -> [AddressCase] {
    let neighbour = DropReason.guestForeignNeighbour
    let advertisement = DropReason.guestRouterAdvertisement
    func one(
      _ name: String, from source: String = "fd00::1", _ type: UInt8, target: String? = nil, _ reason: DropReason?,
      router: DropReason?? = nil
    ) throws -> AddressCase {
      AddressCase(
        name, 0x86dd, try Packet.ipv6(source, Packet.icmp6(type, target: target)), reason, router: router)
    }
    let cut = Array(try Packet.icmp6(136, target: "fd00::1").prefix(20))
    return try [
      one("solicitation", 135, target: "fd00::50", nil),
      one("search for a duplicate", from: "::", 135, target: "fd00::2", nil),
      one("search for a duplicate, link-local", from: "::", 135, target: local, nil),
      one("search for another's duplicate", from: "::", 135, target: "fd00::50", neighbour),
      one("search for a router", from: "::", 133, nil),
      one("search for a router, own", from: local, 133, nil),
      one("advertisement", 136, target: "fd00::1", nil),
      one("advertisement, second", from: "fd00::2", 136, target: "fd00::2", nil),
      one("advertisement, link-local", from: local, 136, target: local, nil),
      one("foreign advertisement", 136, target: "fd00::50", neighbour),
      one("foreign advertisement, link-local", from: local, 136, target: otherLocal, neighbour),
      one("anonymous advertisement", from: "::", 136, target: "fd00::1", .guestForeignAddress),
      one(
        "foreign source's advertisement", from: "fd00::50", 136, target: "fd00::1", .guestForeignAddress,
        router: .some(nil)),
      one("router advertisement", from: local, 134, advertisement, router: .some(nil)),
      one("redirect", from: local, 137, target: "fd00::50", advertisement, router: .some(nil)),
      AddressCase("advertisement, cut", 0x86dd, try Packet.ipv6("fd00::1", cut), neighbour, router: nil),
    ]
  }

  static func chains() throws -> [AddressCase] {
    func one(
      _ name: String, next: UInt8, length: Int? = nil, _ payload: [UInt8], _ reason: DropReason?,
      router: DropReason?? = nil
    ) throws -> AddressCase {
      AddressCase(
        name, 0x86dd, try Packet.ipv6(local, next: next, length: length, payload), reason, router: router)
    }
    func stack(_ count: Int, _ rest: [UInt8]) -> [UInt8] {
      (0..<count).reduce(rest) { payload, index in Packet.extended(next: index == 0 ? 58 : 60, payload) }
    }
    let (advertisement, echo) = (try Packet.icmp6(134), try Packet.icmp6(128))
    let foreign = try Packet.icmp6(136, target: "fd00::50")
    let rogue = DropReason.guestRouterAdvertisement
    let chain = DropReason.guestHeaderChain
    func piece(_ next: UInt8, at offset: UInt16 = 0, isLast: Bool = false, _ rest: [UInt8]) -> [UInt8] {
      Packet.fragmented(next: next, offset: offset, isLast: isLast, rest)
    }
    // The first piece ends within its options; the padding behind it looks like the rest.
    let padded = piece(60, [58, 1, 1, 12, 0, 0, 0, 0] + [UInt8](repeating: 0, count: 8) + echo)
    return try [
      one("behind hop-by-hop", next: 0, Packet.extended(next: 58, advertisement), rogue, router: .some(nil)),
      one("behind options", next: 60, Packet.extended(next: 58, advertisement), rogue, router: .some(nil)),
      one(
        "behind long options", next: 60, Packet.extended(next: 58, more: 9, advertisement), rogue, router: .some(nil)),
      one("behind routing", next: 43, Packet.extended(next: 58, advertisement), rogue, router: .some(nil)),
      one("behind five", next: 60, stack(5, advertisement), rogue, router: .some(nil)),
      one("echo behind five", next: 60, stack(5, echo), nil),
      one("echo behind six", next: 60, stack(6, echo), chain),
      one("behind six", next: 60, stack(6, advertisement), chain),
      one("behind twenty", next: 60, stack(20, advertisement), chain),
      one("foreign NA behind hop-by-hop", next: 0, Packet.extended(next: 58, foreign), .guestForeignNeighbour),
      one("fragmented RA", next: 44, piece(58, advertisement), chain),
      one("fragmented NA", next: 44, piece(58, foreign), chain),
      one("RA in one fragment", next: 44, piece(58, isLast: true, advertisement), chain),
      one("fragmented RA behind options", next: 44, piece(60, Packet.extended(next: 58, advertisement)), chain),
      one("options alone in the first piece", next: 44, piece(60, Packet.extended(next: 58, [])), chain),
      one("a first piece that padding completes", next: 44, length: 16, padded, chain),
      one("fragmented echo", next: 44, piece(58, echo), nil),
      one("fragmented echo, last", next: 44, piece(58, at: 1, isLast: true, echo), nil),
      one("fragmented echo, middle", next: 44, piece(58, at: 1, echo), nil),
      one("options cut off", next: 60, [58, 200, 1, 4, 0, 0, 0, 0], chain),
      one("a header cut off", next: 60, [58, 0, 1], chain),
    ]
  }

  /// What is none of these passes, unless it hides one of them.
  static func others() throws -> [AddressCase] {
    let advertisement = try Packet.ipv6(local, Packet.icmp6(134))
    func snap(_ service: UInt8, _ organization: [UInt8]) -> [UInt8] {
      [service, service, 3] + organization + [0x86, 0xdd] + advertisement
    }
    let (pass, hidden): (DropReason?, DropReason?) = (nil, .guestHeaderChain)
    return [
      (0x88b5 as UInt16, [1, 2, 3], pass), (0x8847, [1, 2, 3], pass), (0x0026, [0x42, 0x42, 3], pass),
      (62, snap(0xaa, [0, 0, 0]), hidden), (62, snap(0xab, [0, 0, 0xf8]), hidden), (0, snap(0xaa, [0, 0, 0]), hidden),
      (1500, snap(0xaa, [0, 0, 0]), hidden), (62, snap(0xaa, [0, 0, 0x0c]), pass),
    ].enumerated().map { AddressCase("other \($0)", $1.0, $1.1, $1.2, router: nil) }
  }
}
