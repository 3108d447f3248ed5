import Glibc
import Linux
import Quantities
import TestSupport
import Testing

@testable import Dataplane

/// The same random traffic through programs and through bridges: everybody gets the same frames.
@Suite("The fast path", KernelTest.requireRoot)
struct FastPathTests {
  /// Two hosts on one cable, and on each some guests of a few segments, whose guests may have any addresses.
  final class Stage {
    let hosts: [TestDevice]
    /// By network, then by guest: first those of the first host.
    private(set) var guests: [[TestGuest]] = []
    private(set) var sockets: [[PacketSocket]] = []
    private var tables: [(ports: [Dataplane.GuestPort], networks: [Dataplane.HostNetwork])]

    init(networks: UInt32, guestsPerHost: UInt32, tag: (UInt32) throws -> Dataplane.Tag, isFast: Bool) throws {
      hosts = try (0..<2).map { try TestDevice("host \($0)") }
      tables = Array(repeating: ([], []), count: 2)
      try hosts[0].lay(2, to: hosts[1], 2)
      for number in 0..<networks {
        var row: [TestGuest] = []
        for (index, host) in hosts.enumerated() {
          let bridge = 100 + 20 * number
          try host.makeNetwork(bridge, ageing: isFast ? 0 : nil)
          let way = Dataplane.Way(
            uplink: 2, tag: try tag(number), local: UInt32(1 + index), remote: UInt32(2 - index), queue: .none)
          tables[index].networks.append(
            Dataplane.HostNetwork(
              number: 1 + number, trunk: bridge + 1, ways: [way], isFast: isFast, learns: true))
          for guest in 0..<guestsPerHost {
            let port = bridge + 5 + guest
            let mac = 0x0200_0000_0000 + UInt64(index) << 8 + UInt64(guest)
            tables[index].ports.append(
              Dataplane.GuestPort(
                interface: port, mac: MACAddress(rawValue: mac), network: 1 + number, rights: .anySource,
                stations: 64))
            row.append(try TestGuest(host, port: port, bridge: bridge, mac: mac))
          }
        }
        guests.append(row)
      }
      for (host, table) in zip(hosts, tables) {
        for stage in [Dataplane.Stage.admit, .turn, .forget] {
          try host.dataplane.set(ports: table.ports, networks: table.networks, stage)
        }
        try host.attach(.untag, to: 2)
        for port in table.ports { try host.attach(.guard, to: port.interface) }
      }
      sockets = try guests.map { try $0.map { try $0.packets() } }
    }

    /// Everything that came in, by network and guest.
    func received() throws -> [[[Frame]]] {
      try sockets.map {
        try $0.map { socket in
          var frames: [Frame] = []
          while let frame = try socket.receive(within: 40) { frames.append(frame) }
          return frames
        }
      }
    }
  }

  /// A frame that somebody sends.
  private struct Sending {
    var network: Int
    var guest: Int
    var frame: Frame
  }

  private static func traffic(seed: UInt64, networks: Int, guests: Int, count: Int) -> [Sending] {
    var random = SeededGenerator(seed: seed)
    // Stations live behind guests, and now and then move.
    var homes = (0..<12).map { _ in Int.random(in: 0..<guests, using: &random) }
    let types: [UInt16] = [0x88b5, 0x0800, 0x86dd, 0x0806, 0x8847, 0x0842]
    return (0..<count).map { number in
      let network = Int.random(in: 0..<networks, using: &random)
      let station = Int.random(in: 0..<homes.count, using: &random)
      if Int.random(in: 0..<10, using: &random) == 0 { homes[station] = Int.random(in: 0..<guests, using: &random) }
      let target: UInt64
      switch Int.random(in: 0..<10, using: &random) {
      case 0: target = Frame.broadcast
      case 1: target = 0x0100_5e00_0000 + UInt64.random(in: 0..<256, using: &random)
      case 2: target = 0x3333_ff00_0000 + UInt64.random(in: 0..<256, using: &random)
      case 3: target = 0x0a00_0000_0000 + UInt64.random(in: 0..<256, using: &random)
      default: target = 0x0600_0000_0000 + UInt64.random(in: 0..<12, using: &random)
      }
      let size = [20, 46, 100, 576, 1200, 1440].randomElement(using: &random) ?? 46
      let type = types.randomElement(using: &random) ?? 0x88b5
      var payload = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
      if type == 0x0800 { fragment(&payload, number) }
      payload[size - 2] = UInt8(number & 0xff)
      payload[size - 1] = UInt8(number >> 8)
      return Sending(
        network: network, guest: homes[station],
        frame: Frame(to: target, from: 0x0600_0000_0000 + UInt64(station), type: type, payload: payload))
    }
  }

  /// An IPv4 header of a first, middle or last fragment, or of a whole packet.
  private static func fragment(_ payload: inout [UInt8], _ number: Int) {
    let offset: [(UInt8, UInt8)] = [(0x20, 0), (0x20, 100), (0, 200), (0x40, 0)]
    let header: [UInt8] = [
      0x45, 0, UInt8(payload.count >> 8), UInt8(payload.count & 0xff), 0, UInt8(number & 0xff), offset[number % 4].0,
      offset[number % 4].1, 64, 17,
    ]
    for (index, byte) in header.enumerated() where index < payload.count { payload[index] = byte }
  }

  private static func deliveries(
    _ sendings: [Sending], isFast: Bool, tag: (UInt32) throws -> Dataplane.Tag
  ) throws -> [[[Frame]]] {
    let stage = try Stage(networks: 2, guestsPerHost: 2, tag: tag, isFast: isFast)
    for sending in sendings { try stage.sockets[sending.network][sending.guest].send(sending.frame) }
    return try stage.received()
  }

  /// What is shorter than Ethernet's least frame is padded in an envelope.
  private static func normal(_ frames: [Frame]) -> [[UInt8]] {
    frames.map { $0.bytes + [UInt8](repeating: 0, count: max(0, 60 - $0.bytes.count)) }
  }

  @Test(
    "programs deliver what bridges deliver: many stations, moves, fragments, groups, unknown ones",
    arguments: [(1, false), (2, false), (3, true), (4, true)] as [(UInt64, Bool)])
  func differential(seed: UInt64, isVXLAN: Bool) throws {
    let sendings = Self.traffic(seed: seed, networks: 2, guests: 4, count: 600)
    func tag(_ network: UInt32) throws -> Dataplane.Tag {
      isVXLAN ? .vxlan(70_000 + network) : .vlan(try vlan(UInt16(100 + network)))
    }
    let fast = try Self.deliveries(sendings, isFast: true, tag: tag)
    let slow = try Self.deliveries(sendings, isFast: false, tag: tag)
    for (network, (own, other)) in zip(fast, slow).enumerated() {
      for (guest, (mine, theirs)) in zip(own, other).enumerated() {
        #expect(!theirs.isEmpty)
        #expect(
          Self.normal(mine).sorted(by: { $0.lexicographicallyPrecedes($1) })
            == Self.normal(theirs).sorted(by: { $0.lexicographicallyPrecedes($1) }),
          "network \(network), guest \(guest)")
      }
    }
    // Single stations' frames did pass by the bridges: otherwise nothing was compared.
    #expect(slow.joined().map(\.count).reduce(0, +) > 900)
  }

  @Test("a silent station is forgotten, and a port has no more stations than it may")
  func bounds() throws {
    let stage = try Stage(networks: 1, guestsPerHost: 3, tag: { _ in .vlan(try vlan(7)) }, isFast: true)
    // 70 stations behind one port, which may have 64.
    for number in 0..<70 {
      try stage.sockets[0][0].send(
        Frame(to: Frame.broadcast, from: 0x0600_0000_0000 + UInt64(number), number: UInt8(number)))
    }
    #expect(try stage.hosts[0].drops(.guestMACLimit) == 6)
    #expect(try stage.sockets[0][1].drain(quiet: 40).count == 64)
    #expect(try stage.sockets[0][3].drain(quiet: 40).count == 64)
    #expect(try stage.sockets[0][2].drain(quiet: 40).count == 64)
    // What is known goes to one; what is not, to all.
    try stage.sockets[0][1].send(Frame(to: 0x0600_0000_0005, from: 0x0a00_0000_0001, number: 200))
    #expect(try stage.sockets[0][0].drain(quiet: 40).compactMap(\.number) == [200])
    #expect(try stage.sockets[0][2].drain(quiet: 40).compactMap(\.number) == [])
    try stage.sockets[0][1].send(Frame(to: 0x0600_0000_0044, from: 0x0a00_0000_0001, number: 201))
    #expect(try stage.sockets[0][2].drain(quiet: 40).compactMap(\.number) == [201])
  }

  @Test("what floods is held to its rate; what is for one is not")
  func storm() throws {
    let stage = try Stage(networks: 1, guestsPerHost: 2, tag: { _ in .vlan(try vlan(7)) }, isFast: true)
    var ports = [20, 21].map { (index: UInt32) in
      Dataplane.GuestPort(
        interface: 105 + index - 20, mac: MACAddress(rawValue: 0x0200_0000_0000 + UInt64(index) - 20), network: 1,
        rights: .anySource, storm: 100)
    }
    ports[1].storm = nil
    try stage.hosts[0].dataplane.setGuestPorts(ports)
    try stage.sockets[0][1].send(Frame(to: Frame.broadcast, from: 0x0600_0000_0001, number: 1))
    for number in 0..<200 {
      try stage.sockets[0][0].send(Frame(to: Frame.broadcast, from: 0x0600_0000_0000, number: UInt8(number)))
      try stage.sockets[0][0].send(Frame(to: 0x0600_0000_0001, from: 0x0600_0000_0000, number: 255))
    }
    let frames = try stage.sockets[0][1].drain(quiet: 60)
    #expect(frames.filter { $0.destination == 0x0600_0000_0001 }.count == 200)
    let flooded = frames.filter { $0.destination == Frame.broadcast }.count
    // A tenth of a second's worth at once, and what came due meanwhile.
    #expect((10...40).contains(flooded), "\(flooded)")
    #expect(try stage.hosts[0].drops(.guestStorm) == 200 - UInt64(flooded))
  }
}

// The same generator as Algorithms has, which this target does not depend on.
/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = (state ^ state >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }
}
