import Linux
import Quantities
import TestSupport
import Testing

@testable import Dataplane

@Suite("What a guest says of its addresses", KernelTest.requireRoot)
struct AddressGuardTests {
  /// A guest that is held to its addresses, and another one that sees what passes.
  private final class Stage {
    let host: TestDevice
    let guests: [TestGuest]
    let receiver: PacketSocket

    init(_ rights: Dataplane.Rights, addresses: [String] = AddressCase.addresses) throws {
      let host = try TestDevice("host")
      self.host = host
      try host.makeNetwork(10, hasTrunk: false)
      guests = try [(UInt32(20), AddressCase.own), (21, AddressCase.other)].map {
        try TestGuest(host, port: $0.0, bridge: 10, mac: $0.1)
      }
      try host.dataplane.setGuests([
        .init(
          interface: 20, mac: MACAddress(rawValue: AddressCase.own), network: 1, rights: rights,
          addresses: try addresses.map { try IPAddress(parsing: $0) }),
        .init(interface: 21, mac: MACAddress(rawValue: AddressCase.other), network: 1),
      ])
      for port in [20, 21] as [UInt32] { try host.attach(.guard, to: port) }
      receiver = try guests[1].packets()
    }

    /// What arrives of a frame, and why it does not.
    func outcome(_ frame: Frame, _ send: (Frame) throws -> Void) throws -> (arrived: [Frame], dropped: [DropReason]) {
      let before = try host.dataplane.drops()
      try send(frame)
      try send(Frame(to: AddressCase.other, from: AddressCase.own, number: 255))
      var arrived: [Frame] = []
      while let next = try receiver.receive(), next.number != 255 { arrived.append(next) }
      let after = try host.dataplane.drops()
      return (arrived, DropReason.allCases.filter { before[$0] != after[$0] })
    }
  }

  @Test(
    "what is its own passes, what is another's is dropped and counted by its reason",
    arguments: [false, true], [false, true])
  func table(isRouter: Bool, isPaged: Bool) throws {
    let stage = try Stage(isRouter ? [.checkedAddresses, .router] : .checkedAddresses)
    let (plain, paged) = (
      try stage.guests[0].packets(), try PagedSocket(in: stage.guests[0].device.namespace, on: 2)
    )
    let cases = try AddressCase.all()
    #expect(cases.count > 120)
    for one in cases {
      let (arrived, dropped) = try stage.outcome(one.frame) { isPaged ? try paged.send($0) : try plain.send($0) }
      let reason = isRouter ? one.ofRouter : one.reason
      #expect(dropped == (reason.map { [$0] } ?? []), "\(one.name)")
      #expect(arrived == (reason == nil ? [one.frame] : []), "\(one.name)")
    }
  }

  @Test("who has addresses of one version only has none of the other")
  func oneVersion() throws {
    let frames = [
      Frame(
        to: Frame.broadcast, from: AddressCase.own, type: 0x0800,
        payload: try Packet.ipv4("0.0.0.0", Packet.udp(5000, 5001))),
      Frame(
        to: Frame.broadcast, from: AddressCase.own, type: 0x0806,
        payload: try Packet.arp(mac: AddressCase.own, sender: "0.0.0.0", target: "0.0.0.0")),
      Frame(
        to: Frame.broadcast, from: AddressCase.own, type: 0x0800,
        payload: try Packet.ipv4("10.0.0.1", Packet.udp(5000, 5001))),
    ]
    let stage = try Stage(.checkedAddresses, addresses: ["fd00::1"])
    let sender = try stage.guests[0].packets()
    for (frame, reason) in zip(frames, [DropReason.guestForeignAddress, .guestForeignARP, .guestForeignAddress]) {
      #expect(try stage.outcome(frame, sender.send).dropped == [reason])
    }
  }
}
