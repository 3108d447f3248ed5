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

  init(
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

  static func arp() throws -> [AddressCase] {
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

  static func ipv4() throws -> [AddressCase] {
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
}
