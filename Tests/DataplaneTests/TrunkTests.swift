import Linux
import Quantities
import TestSupport
import Testing

@testable import Dataplane

@Suite("A host's trunk", KernelTest.requireRoot)
struct TrunkTests {
  private static let guest: UInt64 = 0x0200_0000_0001
  private static let far: UInt64 = 0x0200_0000_0002

  /// A host with two networks (bridges 10 and 20) whose guests have one address, and two uplinks, 2 and 3.
  private final class Stage {
    let host: TestDevice
    private let world: TestDevice
    private let machines: [TestGuest]
    let uplinks: [PacketSocket]
    let guests: [PacketSocket]

    init(_ trunks: [(network: UInt32, vlan: UInt16, uplink: UInt32)]) throws {
      let (host, world) = (try TestDevice("host"), try TestDevice("world"))
      (self.host, self.world) = (host, world)
      for uplink in [2, 3] as [UInt32] {
        try host.lay(uplink, to: world, uplink)
        try host.attach(.untag, to: uplink)
      }
      for bridge in [10, 20] as [UInt32] { try host.makeNetwork(bridge) }
      machines = try [10, 20].map { try TestGuest(host, port: $0 + 5, bridge: $0, mac: TrunkTests.guest) }
      uplinks = try [2, 3].map { try PacketSocket(in: world.namespace, on: $0) }
      guests = try machines.map { try $0.packets() }
      try set(trunks)
    }

    func set(_ trunks: [(network: UInt32, vlan: UInt16, uplink: UInt32)]) throws {
      try host.dataplane.setTrunks(
        trunks.map { .init(port: $0.network + 1, vlan: try vlan($0.vlan), uplink: $0.uplink) })
    }

    /// What has come out of each uplink, and into each guest, once all is quiet.
    func outcome() throws -> (uplinks: [[UInt16?]], guests: [[UInt8?]]) {
      let out = try uplinks.map { try $0.drain(quiet: 30).map(\.tci) }
      let received = try guests.map { try $0.drain(quiet: 30) }
      #expect(received.joined().allSatisfy { $0.tci == nil })
      return (out, received.map { $0.map(\.number) })
    }
  }

  private static let out = Frame(to: far, from: guest, number: 1)
  private static let answer = Frame(to: guest, from: far, number: 2)

  @Test("a network's frames leave with its tag and enter without; the same addresses next door hear nothing")
  func tagsAndUntags() throws {
    let stage = try Stage([(10, 100, 2), (20, 101, 2)])
    try stage.guests[0].send(Self.out)
    #expect(try stage.outcome() == (uplinks: [[100], []], guests: [[], []]))
    try stage.guests[1].send(Self.out)
    #expect(try stage.outcome() == (uplinks: [[101], []], guests: [[], []]))
    try stage.uplinks[0].send(Self.answer.tagged(100))
    #expect(try stage.outcome() == (uplinks: [[], []], guests: [[2], []]))
    try stage.uplinks[0].send(Frame(to: Frame.broadcast, from: Self.far, number: 3).tagged(101))
    #expect(try stage.outcome() == (uplinks: [[], []], guests: [[], [3]]))
    #expect(try stage.host.dataplane.drops().values.allSatisfy { $0 == 0 })
  }

  @Test("one tag on two uplinks is two networks")
  func uplinksAreApart() throws {
    let stage = try Stage([(10, 100, 2), (20, 100, 3)])
    for guest in stage.guests { try guest.send(Self.out) }
    #expect(try stage.outcome() == (uplinks: [[100], [100]], guests: [[], []]))
    try stage.uplinks[1].send(Self.answer.tagged(100))
    #expect(try stage.outcome() == (uplinks: [[], []], guests: [[], [2]]))
  }

  @Test(
    "what has no single known tag is dropped and counted",
    arguments: [
      (answer, DropReason.trunkUntagged),
      (answer.tagged(0), .trunkUntagged),
      (answer.tagged(100, protocol: 0x88a8), .trunkStacked),
      (answer.tagged(99), .trunkUnknownVLAN),
      (answer.tagged(100).tagged(100), .trunkStacked),
      (answer.tagged(7).tagged(100), .trunkStacked),
    ])
  func dropsWhatHasNoTag(frame: Frame, reason: DropReason) throws {
    let stage = try Stage([(10, 100, 2), (20, 101, 2)])
    try stage.uplinks[0].send(frame)
    #expect(try stage.outcome() == (uplinks: [[], []], guests: [[], []]))
    #expect(try stage.host.dataplane.drops().filter { $0.value != 0 } == [reason: 1])
  }

  @Test("what is tagged already inside a bridge does not leave it with two tags")
  func refusesSecondTag() throws {
    let stage = try Stage([(10, 100, 2)])
    try stage.guests[0].send(Self.out.tagged(5))
    #expect(try stage.outcome() == (uplinks: [[], []], guests: [[], []]))
    #expect(try stage.host.drops(.trunkStacked) == 1)
  }

  @Test("tables are replaced whole: a trunk that is gone, or has another tag, carries nothing under the old one")
  func replaces() throws {
    let stage = try Stage([(10, 100, 2), (20, 101, 2)])
    try stage.set([(10, 200, 3)])
    for guest in stage.guests { try guest.send(Self.out) }
    #expect(try stage.outcome() == (uplinks: [[], [200]], guests: [[], []]))
    for vlan in [100, 101, 200] as [UInt16] { try stage.uplinks[0].send(Self.answer.tagged(vlan)) }
    #expect(try stage.outcome() == (uplinks: [[], []], guests: [[], []]))
    #expect(try stage.host.drops(.trunkUnknownVLAN) == 4)
    try stage.uplinks[1].send(Self.answer.tagged(200))
    #expect(try stage.outcome() == (uplinks: [[], []], guests: [[2], []]))
    let clash = try #require(throws: Problem.self) { try stage.set([(10, 100, 2), (20, 100, 2)]) }
    #expect(clash.code == "tag-clash")
  }
}
