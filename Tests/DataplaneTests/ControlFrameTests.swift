import Linux
import Quantities
import TestSupport
import Testing

@testable import Dataplane

@Suite("Control frames on wires", KernelTest.requireRoot)
struct ControlFrameTests {
  private static let own: UInt64 = 0x0200_0000_0001
  private static let other: UInt64 = 0x0200_0000_0002
  private static let group: UInt64 = 0x0180_c200_0000

  /// Every frame that stays on a cable, and who lets it pass.
  private static let frames: [(destination: UInt64, type: UInt16, passing: Dataplane.Rights)] =
    [
      (group, 0x0026, .stp), (group + 2, 0x8809, .lacp), (group + 0xe, 0x88cc, .lldp), (group + 3, 0x88cc, .lldp),
      (group, 0x88cc, .lldp), (group + 3, 0x888e, []), (group + 0xe, 0x88f7, []), (group + 1, 0x88cc, []),
      // Pause, to its group, to others, and to the neighbour itself.
      (group + 1, 0x8808, []), (group, 0x8808, []), (group + 2, 0x8808, []), (other, 0x8808, []),
      (Frame.broadcast, 0x8808, []),
    ] + (0x4...0xf).map { (group + $0, 0x88b5, []) }

  @Test(
    "they pass where the wire was made for them, and pause frames never do",
    arguments: [[], .stp, .lacp, .lldp, [.stp, .lacp, .lldp]] as [Dataplane.Rights])
  func rights(_ rights: Dataplane.Rights) throws {
    let host = try TestDevice("host")
    try host.makeNetwork(10, hasTrunk: false)
    let guests = try [(UInt32(20), Self.own), (21, Self.other)].map {
      try TestGuest(host, port: $0.0, bridge: 10, mac: $0.1)
    }
    try host.dataplane.setGuestPorts(
      [(UInt32(20), UInt32(21), Self.own), (21, 20, Self.other)].map {
        .init(
          interface: $0.0, mac: MACAddress(rawValue: $0.2), network: 1, peer: $0.1,
          rights: rights.union([.wire, .anySource]))
      })
    for port in [20, 21] as [UInt32] { try host.attach(.guard, to: port) }
    let (sender, receiver) = (try guests[0].packets(), try guests[1].packets())
    var expected: [Frame] = []
    for (destination, type, passing) in Self.frames {
      let frame = Frame(to: destination, from: Self.own, type: type, payload: [UInt8](repeating: 0x42, count: 46))
      try sender.send(frame)
      if !passing.isEmpty, rights.isSuperset(of: passing) { expected.append(frame) }
    }
    try sender.send(Frame(to: Self.other, from: Self.own, number: 255))
    var arrived: [Frame] = []
    while let frame = try receiver.receive(), frame.number != 255 { arrived.append(frame) }
    #expect(arrived == expected)
    #expect(try host.drops(.guestControlFrame) == UInt64(Self.frames.count - expected.count))
  }
}
