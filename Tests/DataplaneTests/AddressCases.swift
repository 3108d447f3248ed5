import Quantities

@testable import Dataplane

/// What a guest may try to say of itself, and what becomes of it.
struct AddressCase {
  var name: String
  var frame: Frame
  /// Nil passes.
  var reason: DropReason?
  /// The same of a router.
  var ofRouter: DropReason?

  static let own: UInt64 = 0x0612_3456_789a
  static let other: UInt64 = 0x0612_3456_7800
  /// The guest's interface identifier, and another's.
  static let local = "fe80::412:34ff:fe56:789a"
  static let otherLocal = "fe80::412:34ff:fe56:7800"
  static let addresses = ["10.0.0.1", "10.0.0.2", "10.0.1.3", "fd00::1", "fd00::2", "fe80::77"]

  private init(
    _ name: String, _ type: UInt16, _ payload: [UInt8], _ reason: DropReason?, router: DropReason??, padded: Bool = true
  ) {
    self.name = name
    let padding = padded ? [UInt8](repeating: 0, count: max(0, 46 - payload.count)) : []
    frame = Frame(to: Frame.broadcast, from: Self.own, type: type, payload: payload + padding)
    self.reason = reason
    ofRouter = router ?? reason
  }

  static func all() throws -> [AddressCase] {
    try arp() + ipv4() + ipv6() + discovery() + chains() + others()
  }

  private static func arp() throws -> [AddressCase] {
    func one(_ name: String, _ payload: [UInt8], _ reason: DropReason?) -> AddressCase {
      AddressCase(name, 0x0806, payload, reason, router: nil)
    }
    let foreign = DropReason.guestForeignARP
    let good = try Packet.arp(mac: own, sender: "10.0.0.1", target: "10.0.0.50")
    return [
      one("request", good, nil),
      one("request, second address", try Packet.arp(mac: own, sender: "10.0.0.2", target: "10.0.0.50"), nil),
      one("reply", try Packet.arp(2, mac: own, sender: "10.0.1.3", target: "10.0.0.50"), nil),
      one("gratuitous", try Packet.arp(mac: own, sender: "10.0.0.1", target: "10.0.0.1"), nil),
      one("probe", try Packet.arp(mac: own, sender: "0.0.0.0", target: "10.0.0.2"), nil),
      one("probe of another's", try Packet.arp(mac: own, sender: "0.0.0.0", target: "10.0.0.50"), foreign),
      one("foreign sender", try Packet.arp(mac: own, sender: "10.0.0.50", target: "10.0.0.1"), foreign),
      one("foreign reply", try Packet.arp(2, mac: own, sender: "10.0.0.50", target: "10.0.0.60"), foreign),
      one("foreign gratuitous", try Packet.arp(mac: own, sender: "10.0.0.50", target: "10.0.0.50"), foreign),
      one("foreign MAC", try Packet.arp(mac: other, sender: "10.0.0.1", target: "10.0.0.50"), foreign),
      one("broadcast MAC", try Packet.arp(mac: Frame.broadcast, sender: "10.0.0.1", target: "10.0.0.50"), foreign),
      one(
        "short MAC", try Packet.arp(mac: own, sender: "10.0.0.1", target: "10.0.0.50", lengths: (5, 4)), foreign),
      one(
        "long address", try Packet.arp(mac: own, sender: "10.0.0.1", target: "10.0.0.50", lengths: (6, 16)), foreign),
    ]
      + [0, 8, 20, 27].map { length in
        AddressCase("cut at \(length)", 0x0806, Array(good.prefix(length)), foreign, router: nil, padded: false)
      }
  }

  private static func ipv4() throws -> [AddressCase] {
    func one(
      _ name: String, _ payload: [UInt8], _ reason: DropReason?, router: DropReason?? = .some(nil), padded: Bool = true
    ) -> AddressCase {
      AddressCase(name, 0x0800, payload, reason, router: router, padded: padded)
    }
    let plain = Packet.udp(5000, 5001)
    let foreign = DropReason.guestForeignAddress
    let server = DropReason.guestDHCPServer
    let ask = Packet.udp(68, 67)
    let nops: [UInt8] = [1, 1, 1, 1]
    return [
      one("own", try Packet.ipv4("10.0.0.1", plain), nil),
      one("second", try Packet.ipv4("10.0.0.2", plain), nil),
      one("third, ICMP", try Packet.ipv4("10.0.1.3", protocol: 1, [8, 0, 0, 0]), nil),
      one("foreign", try Packet.ipv4("10.0.0.50", plain), foreign),
      one("foreign, ICMP", try Packet.ipv4("10.0.0.50", protocol: 1, [8, 0, 0, 0]), foreign),
      one("foreign loopback", try Packet.ipv4("127.0.0.1", plain), foreign),
      one("broadcast source", try Packet.ipv4("255.255.255.255", plain), foreign),
      one("no source", try Packet.ipv4("0.0.0.0", plain), foreign),
      one("no source, ICMP", try Packet.ipv4("0.0.0.0", protocol: 1, [8, 0, 0, 0]), foreign),
      one("DHCP discover", try Packet.ipv4("0.0.0.0", to: "255.255.255.255", ask), nil),
      one("DHCP renewal", try Packet.ipv4("10.0.0.1", ask), nil),
      one("DHCP discover in pieces", try Packet.ipv4("0.0.0.0", fragment: 0x2000, ask), nil),
      one("DHCP of another's", try Packet.ipv4("10.0.0.50", ask), foreign),
      one("DHCP offer", try Packet.ipv4("10.0.0.1", to: "255.255.255.255", Packet.udp(67, 68)), server),
      one("DHCP offer, no source", try Packet.ipv4("0.0.0.0", to: "255.255.255.255", Packet.udp(67, 68)), server),
      one("DHCP offer, odd port", try Packet.ipv4("10.0.0.1", to: "255.255.255.255", Packet.udp(9967, 68)), server),
      one("DHCP offer in pieces", try Packet.ipv4("10.0.0.1", fragment: 0x2000, Packet.udp(67, 68)), server),
      one("DHCP offer behind options", try Packet.ipv4("10.0.0.1", options: nops + nops, Packet.udp(67, 68)), server),
      one("DHCP server to server", try Packet.ipv4("10.0.0.1", Packet.udp(67, 67)), server),
      one("options", try Packet.ipv4("10.0.0.1", options: nops, plain), nil),
      one("most options", try Packet.ipv4("10.0.0.1", options: Array(repeating: 1, count: 40), plain), nil),
      one("foreign, options", try Packet.ipv4("10.0.0.50", options: nops, plain), foreign),
      one("options cut off", Array(try Packet.ipv4("10.0.0.1", first: 0x4f, plain)), .guestHeaderChain, padded: false),
      one("header too short", try Packet.ipv4("10.0.0.1", first: 0x44, plain), foreign),
      one("version 6", try Packet.ipv4("10.0.0.1", first: 0x65, plain), foreign),
      one("version 0", try Packet.ipv4("10.0.0.1", first: 0x05, plain), foreign),
      one("first piece", try Packet.ipv4("10.0.0.1", fragment: 0x2000, plain), nil),
      one("middle piece", try Packet.ipv4("10.0.0.1", fragment: 0x2002, [0, 67, 0, 68, 0, 0, 0, 0]), nil),
      one("last piece", try Packet.ipv4("10.0.0.1", fragment: 0x0004, [1, 2, 3]), nil),
      one("foreign first piece", try Packet.ipv4("10.0.0.50", fragment: 0x2000, plain), foreign),
      one("foreign middle piece", try Packet.ipv4("10.0.0.50", fragment: 0x2002, plain), foreign),
      one("foreign last piece", try Packet.ipv4("10.0.0.50", fragment: 0x0004, plain), foreign),
      one("no source, last piece", try Packet.ipv4("0.0.0.0", fragment: 0x0004, ask), foreign),
      one("cut in UDP", Array(try Packet.ipv4("10.0.0.1", plain).prefix(26)), .guestHeaderChain, padded: false),
      one("cut in IP", Array(try Packet.ipv4("10.0.0.1", plain).prefix(19)), foreign, padded: false),
      one("nothing", [], foreign, padded: false),
    ]
  }

  private static func ipv6() throws -> [AddressCase] {
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

  private static func discovery() throws -> [AddressCase] {
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

  private static func chains() throws -> [AddressCase] {
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
  private static func others() throws -> [AddressCase] {
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
