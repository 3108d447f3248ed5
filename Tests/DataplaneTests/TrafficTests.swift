import Glibc
import Linux
import Quantities
import TestSupport
import Testing

@Suite("Traffic of guests between two sites", KernelTest.requireRoot, .serialized)
struct TrafficTests {
  private static let same: [TwoSites.Tags] = [(100, 100, 100)]
  private static let translated: [TwoSites.Tags] = [(100, 300, 200)]

  @Test(
    "IPv4 and IPv6 pass, address resolution included; the core carries nothing but the network's tag",
    arguments: [same, translated])
  func pings(networks: [TwoSites.Tags]) throws {
    let sites = try TwoSites(networks)
    let core = try sites.core()
    try sites.left[0].run("ping", "-q", "-c", "3", "-i", "0.05", "-W", "2", "10.0.0.2")
    try sites.right[0].run("ping", "-q", "-c", "3", "-i", "0.05", "-W", "2", "fd00::1")
    var types: Set<UInt16> = []
    while let frame = try core.receive(within: 50, outgoingToo: true) {
      #expect(frame.vlan == networks[0].core)
      types.insert(frame.etherType)
    }
    #expect(types == [0x0800, 0x0806, 0x86dd])
    #expect(try sites.drops() == [:])
  }

  @Test("the captured frame of a core link is 802.1Q with the right VLAN to anyone who looks")
  func capture() throws {
    let sites = try TwoSites(Self.translated)
    let pings = sites.left[0].device.namespace.start(["ping", "-q", "-c", "40", "-i", "0.05", "10.0.0.2"])
    let text = try sites.switches[1].namespace.run(
      ["timeout", "10", "tcpdump", "-nne", "-c", "4", "-i", "if20", "icmp or (vlan and icmp)"])
    #expect(text.contains("ethertype 802.1Q (0x8100), length 102: vlan 300"), "\(text)")
    try pings.wait()
  }

  @Test("TCP passes with segmentation offload: the core sees frames larger than any cable's")
  func tcp() throws {
    let sites = try TwoSites(Self.translated)
    let core = try sites.core()
    _ = try sites.left[0].transfer(to: sites.right[0])
    var largest = 0
    while let frame = try core.receive(within: 0, outgoingToo: true) {
      #expect(frame.vlan == 300)
      largest = max(largest, frame.payload.count)
    }
    #expect(largest > 3000)
    #expect(try sites.drops() == [:])
  }

  @Test("two networks with the same addresses, machine for machine, hear nothing of each other")
  func networksAreApart() throws {
    let sites = try TwoSites([(100, 300, 200), (101, 301, 201)])
    let ears = try [sites.left[1], sites.right[1]].map { try $0.packets() }
    let mouth = try sites.left[0].packets()
    for number in 1...3 as ClosedRange<UInt8> {
      try mouth.send(Frame(to: Frame.broadcast, from: sites.left[0].mac, number: number))
      try mouth.send(Frame(to: sites.right[0].mac, from: sites.left[0].mac, number: number))
    }
    try sites.left[0].run("ping", "-q", "-c", "3", "-i", "0.05", "-W", "2", "10.0.0.2")
    for ear in ears {
      while let frame = try ear.receive(within: 50) {
        // Only the kernels' own IPv6 chatter of the same network.
        #expect(frame.number == nil && frame.etherType == 0x86dd)
      }
    }
    try sites.right[1].run("ping", "-q", "-c", "1", "-W", "2", "10.0.0.1")
  }

  @Test("a broadcast arrives once, everywhere, and not at its sender")
  func broadcastsOnce() throws {
    let sites = try TwoSites(Self.translated)
    let (mouth, ear) = (try sites.left[0].packets(), try sites.right[0].packets())
    for number in 0..<50 as Range<UInt8> {
      try mouth.send(Frame(to: Frame.broadcast, from: sites.left[0].mac, number: number))
    }
    #expect(try ear.drain().compactMap(\.number) == Array(0..<50))
    #expect(try mouth.drain().isEmpty)
  }

  @Test("a router's advertisement gives a guest at the other site its address")
  func routerAdvertisement() throws {
    let sites = try TwoSites(Self.same)
    try sites.left[0].packets().send(.routerAdvertisement(from: sites.left[0].mac, prefix: 0x2001_0db8_0000_0001))
    let prefix = try IPPrefix(parsing: "2001:db8:0:1::/64")
    func isConfigured() throws -> Bool {
      try sites.right[0].device.socket.addresses().contains { prefix.contains($0.prefix.address) }
    }
    for _ in 0..<200 where try !isConfigured() { usleep(10_000) }
    #expect(try isConfigured())
  }
}

extension Frame {
  /// An ICMPv6 router advertisement to all nodes (RFC 4861, 4.2) with one prefix for address configuration.
  static func routerAdvertisement(from mac: UInt64, prefix: UInt64) -> Frame {
    let zeros = [UInt8](repeating: 0, count: 8)
    func octets(_ value: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) } }
    let source = octets(0xfe80_0000_0000_0000) + octets(1)
    let group = octets(0xff02_0000_0000_0000) + octets(1)
    // Type, code, checksum; hop limit, flags, lifetime; timers. Then the prefix option: on link, autonomous, hours.
    var message: [UInt8] = [134, 0, 0, 0, 64, 0, 0x07, 0x08] + zeros
    message += [3, 4, 64, 0xc0, 0, 0, 0x1c, 0x20, 0, 0, 0x1c, 0x20, 0, 0, 0, 0] + octets(prefix) + zeros
    // The checksum covers a pseudo-header: addresses, length, next header (RFC 8200, 8.1).
    let covered = source + group + [0, 0, 0, UInt8(message.count), 0, 0, 0, 58] + message
    var sum = stride(from: 0, to: covered.count, by: 2).reduce(UInt32(0)) {
      $0 + UInt32(covered[$1]) << 8 + UInt32(covered[$1 + 1])
    }
    while sum > 0xffff { sum = sum & 0xffff + sum >> 16 }
    (message[2], message[3]) = (UInt8(~sum >> 8 & 0xff), UInt8(~sum & 0xff))
    let header: [UInt8] = [0x60, 0, 0, 0, 0, UInt8(message.count), 58, 255] + source + group
    return Frame(to: 0x3333_0000_0001, from: mac, type: 0x86dd, payload: header + message)
  }
}
