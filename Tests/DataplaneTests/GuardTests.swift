import Linux
import Quantities
import TestSupport
import Testing

@testable import Dataplane

@Suite("The guard at a guest's port", KernelTest.requireRoot)
struct GuardTests {
  private static let good: UInt64 = 0x0200_0000_0001
  private static let other: UInt64 = 0x0200_0000_0002

  /// Two guests at one guarded bridge, and what the second sees of what the first sends.
  private final class Stage {
    let host: TestDevice
    let guests: [TestGuest]
    let sender: PacketSocket
    let receiver: PacketSocket

    init() throws {
      let host = try TestDevice("host")
      self.host = host
      try host.makeNetwork(10, hasTrunk: false)
      guests = try [(UInt32(20), GuardTests.good), (21, GuardTests.other)].map {
        try TestGuest(host, port: $0.0, bridge: 10, mac: $0.1)
      }
      try host.dataplane.setGuests(
        zip(guests, [20, 21] as [UInt32]).map { .init(interface: $1, mac: MACAddress(rawValue: $0.mac)) })
      for port in [20, 21] as [UInt32] { try host.attach(.guard, to: port) }
      (sender, receiver) = try (guests[0].packets(), guests[1].packets())
    }

    /// Sends frames, then a good one; what came through before that.
    func passed(_ frames: [Frame]) throws -> [UInt8] {
      for frame in frames { try sender.send(frame) }
      try sender.send(Frame(to: GuardTests.other, from: GuardTests.good, number: 255))
      return try receiver.numbers(until: 255).dropLast()
    }
  }

  private static let plain = Frame(to: other, from: good, number: 1)

  @Test(
    "a hostile frame is dropped and counted by its reason",
    arguments: [
      (plain.tagged(5), DropReason.guestTagged),
      (plain.tagged(0xe000), .guestTagged),
      (plain.tagged(5, protocol: 0x88a8), .guestTagged),
      (plain.tagged(5, protocol: 0x9100), .guestTagged),
      (plain.tagged(5).tagged(6), .guestTagged),
      (plain.tagged(5).tagged(6, protocol: 0x88a8), .guestTagged),
      (Frame(to: other, from: 0x0200_0000_0003, number: 1), .guestForeignSource),
      (Frame(to: other, from: other, number: 1), .guestForeignSource),
      (Frame(to: other, from: 0, number: 1), .guestForeignSource),
      (Frame(to: other, from: 0x0300_0000_0001, number: 1), .guestForeignSource),
      (Frame(to: Frame.broadcast, from: Frame.broadcast, number: 1), .guestForeignSource),
      (Frame(to: 0x0180_c200_0000, from: good, number: 1), .guestControlFrame),
      (Frame(to: 0x0180_c200_000e, from: good, number: 1), .guestControlFrame),
      (Frame(to: 0x0180_c200_000f, from: good, number: 1), .guestControlFrame),
    ])
  func hostile(frame: Frame, reason: DropReason) throws {
    let stage = try Stage()
    #expect(try stage.passed([frame, frame]) == [])
    var expected = Dictionary(uniqueKeysWithValues: DropReason.allCases.map { ($0, UInt64(0)) })
    expected[reason] = 2
    #expect(try stage.host.dataplane.drops() == expected)
    #expect(try stage.host.dataplane.counters()[reason.code] == 2)
  }

  @Test("broadcasts, groups, neighbour discovery, router advertisements and the least frame pass")
  func friendly() throws {
    let stage = try Stage()
    let destinations = [
      Frame.broadcast, 0x0100_5e00_00fb, 0x3333_ff00_0002, 0x3333_0000_0001, 0x3333_0000_0002, 0x0180_c200_0010,
      Self.other,
    ]
    let frames = destinations.enumerated().map { Frame(to: $1, from: Self.good, number: UInt8($0)) }
    #expect(try stage.passed(frames) == Array(0..<UInt8(destinations.count)))
    for type in [0x0806, 0x0800, 0x86dd] as [UInt16] {
      try stage.sender.send(
        Frame(to: Frame.broadcast, from: Self.good, type: type, payload: .init(repeating: 1, count: 46)))
      #expect(try stage.receiver.receive()?.etherType == type)
    }
    // A header and nothing behind it.
    try stage.sender.send(Frame(to: Frame.broadcast, from: Self.good, payload: []))
    #expect(try stage.receiver.receive()?.source == Self.good)
    #expect(try stage.host.dataplane.drops().values.allSatisfy { $0 == 0 })
  }

  @Test("what is shorter than a header never reaches another guest")
  func tooShort() throws {
    let stage = try Stage()
    // Raw sockets of most kernels refuse such frames before the guard could.
    for length in 1...13 { try? stage.sender.send(bytes: .init(repeating: 0xff, count: length)) }
    #expect(try stage.passed([]) == [])
  }

  @Test("a port that no table knows lets nothing out, nor does one whose entry is gone")
  func unknownPort() throws {
    let stage = try Stage()
    try stage.host.dataplane.setGuests([.init(interface: 21, mac: MACAddress(rawValue: Self.other))])
    let back = try stage.guests[0].packets()
    for _ in 0..<3 { try stage.sender.send(Self.plain) }
    #expect(try stage.host.drops(.guestUnknownPort) == 3)
    // The way back is open; and the other's right was not touched.
    try stage.receiver.send(Frame(to: Self.good, from: Self.other, number: 7))
    #expect(try back.numbers(until: 7) == [7])
    #expect(try stage.receiver.drain().isEmpty)
    try stage.host.dataplane.setGuests([])
    try stage.receiver.send(Frame(to: Self.good, from: Self.other, number: 8))
    #expect(try stage.host.drops(.guestUnknownPort) == 4)
  }
}
