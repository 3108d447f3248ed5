import Linux
import Quantities
import TestSupport
import Testing

@testable import Dataplane

@Suite("The learning switch of an emulated site", KernelTest.requireRoot)
struct SwitchTests {
  private static let a: UInt64 = 0x0200_0000_000a
  private static let b: UInt64 = 0x0200_0000_000b
  private static let c: UInt64 = 0x0200_0000_000c

  /// A switch of three ports (10, 11, 12), and a raw socket at the far end of each.
  private final class Stage {
    let device: TestDevice
    private let world: TestDevice
    let ports: [PacketSocket]

    init(_ domains: [(number: UInt32, members: [(port: UInt32, vlan: UInt16)])]) throws {
      let (device, world) = (try TestDevice("switch"), try TestDevice("world"))
      (self.device, self.world) = (device, world)
      for index in 10...12 as ClosedRange<UInt32> {
        try device.lay(index, to: world, index)
        try device.attach(.forward, to: index)
      }
      ports = try (10...12).map { try PacketSocket(in: world.namespace, on: $0) }
      try set(domains)
    }

    func set(_ domains: [(number: UInt32, members: [(port: UInt32, vlan: UInt16)])]) throws {
      try device.dataplane.setDomains(
        domains.map { domain in
          .init(
            number: domain.number,
            members: try domain.members.map { .init(interface: $0.port, vlan: try vlan($0.vlan)) })
        })
    }

    /// Sends a frame into a port; what comes out of each, until all is quiet.
    func outcome(of frame: Frame, into port: Int) throws -> [[UInt16?]] {
      try ports[port].send(frame)
      return try ports.map { try $0.drain(quiet: 30).map(\.tci) }
    }
  }

  private static let one: [(number: UInt32, members: [(port: UInt32, vlan: UInt16)])] = [
    (1, [(10, 100), (11, 200), (12, 100)])
  ]

  @Test("who is not known is flooded once to each other port with its tag; an answer goes to one port alone")
  func learns() throws {
    let stage = try Stage(Self.one)
    let toB = Frame(to: Self.b, from: Self.a, number: 1).tagged(100)
    #expect(try stage.outcome(of: toB, into: 0) == [[], [200], [100]])
    #expect(try stage.outcome(of: Frame(to: Self.a, from: Self.b, number: 2).tagged(200), into: 1) == [[100], [], []])
    #expect(try stage.outcome(of: toB, into: 0) == [[], [200], []])
    // A neighbour of the sender's on the same port has it already.
    #expect(try stage.outcome(of: Frame(to: Self.a, from: Self.c, number: 3).tagged(100), into: 0) == [[], [], []])
    #expect(try stage.device.dataplane.drops().values.allSatisfy { $0 == 0 })
  }

  @Test(
    "broadcasts and groups reach every other member, again and again", arguments: [Frame.broadcast, 0x3333_0000_0001])
  func floods(destination: UInt64) throws {
    let stage = try Stage(Self.one)
    let frame = Frame(to: destination, from: Self.a, number: 1)
    for _ in 0..<3 { #expect(try stage.outcome(of: frame.tagged(100), into: 0) == [[], [200], [100]]) }
    #expect(try stage.outcome(of: frame.tagged(200), into: 1) == [[100], [], [100]])
  }

  @Test("priority bits cross a change of the tag")
  func keepsPriority() throws {
    let stage = try Stage(Self.one)
    let frame = Frame(to: Self.b, from: Self.a, number: 1).tagged(0xb000 | 100)
    #expect(try stage.outcome(of: frame, into: 0) == [[], [0xb000 | 200], [0xb000 | 100]])
  }

  @Test("a station that moves is found at its new port at once")
  func moves() throws {
    let stage = try Stage(Self.one)
    let toA = Frame(to: Self.a, from: Self.b, number: 1).tagged(200)
    let fromA = Frame(to: Frame.broadcast, from: Self.a, number: 2).tagged(100)
    _ = try stage.outcome(of: fromA, into: 0)
    #expect(try stage.outcome(of: toA, into: 1) == [[100], [], []])
    _ = try stage.outcome(of: fromA, into: 2)
    #expect(try stage.outcome(of: toA, into: 1) == [[], [], [100]])
  }

  @Test("two domains with the same addresses share no frame and no station")
  func domainsAreApart() throws {
    let stage = try Stage([(1, [(10, 100), (11, 100)]), (2, [(10, 101), (12, 101)])])
    let frame = Frame(to: Self.b, from: Self.a, number: 1)
    #expect(try stage.outcome(of: frame.tagged(100), into: 0) == [[], [100], []])
    #expect(try stage.outcome(of: frame.tagged(101), into: 0) == [[], [], [101]])
    // The same address lives at two ports, in a domain each.
    let answer = Frame(to: Self.a, from: Self.b, number: 2)
    #expect(try stage.outcome(of: answer.tagged(100), into: 1) == [[100], [], []])
    #expect(try stage.outcome(of: answer.tagged(101), into: 2) == [[101], [], []])
    #expect(try stage.outcome(of: frame.tagged(100), into: 0) == [[], [100], []])
    #expect(try stage.outcome(of: frame.tagged(101), into: 0) == [[], [], [101]])
    // A tag of the other domain, at a port that is not its member.
    #expect(try stage.outcome(of: frame.tagged(101), into: 1) == [[], [], []])
    #expect(try stage.device.drops(.trunkUnknownVLAN) == 1)
  }

  @Test(
    "what has no single known tag is dropped and counted",
    arguments: [
      (Frame(to: b, from: a, number: 1), DropReason.trunkUntagged),
      (Frame(to: b, from: a, number: 1).tagged(0xe000), .trunkUntagged),
      (Frame(to: b, from: a, number: 1).tagged(100, protocol: 0x88a8), .trunkStacked),
      (Frame(to: b, from: a, number: 1).tagged(99), .trunkUnknownVLAN),
      (Frame(to: b, from: a, number: 1).tagged(100).tagged(100), .trunkStacked),
      (Frame(to: b, from: a, number: 1).tagged(100, protocol: 0x9100).tagged(100), .trunkStacked),
      (Frame(to: b, from: Frame.broadcast, number: 1).tagged(100), .switchInvalidSource),
    ])
  func dropsWhatHasNoTag(frame: Frame, reason: DropReason) throws {
    let stage = try Stage(Self.one)
    #expect(try stage.outcome(of: frame, into: 0) == [[], [], []])
    let drops = try stage.device.dataplane.drops()
    #expect(drops.filter { $0.value != 0 } == [reason: 1])
  }

  @Test("what was learnt at a member that has left, or is another domain's now, misleads no frame")
  func forgetsWithItsDomain() throws {
    // Three members stay, so that the switch goes on learning.
    let rest: [(port: UInt32, vlan: UInt16)] = [(11, 100), (12, 100), (12, 101)]
    let stage = try Stage([(1, [(10, 100)] + rest)])
    let fromA = Frame(to: Frame.broadcast, from: Self.a, number: 1)
    let toA = Frame(to: Self.a, from: Self.b, number: 2).tagged(100)
    _ = try stage.outcome(of: fromA.tagged(100), into: 0)
    #expect(try stage.outcome(of: toA, into: 1) == [[100], [], []])
    try stage.set([(1, rest)])
    #expect(try stage.outcome(of: toA, into: 1) == [[], [], [100, 101]])
    try stage.set([(1, rest), (2, [(10, 100)])])
    #expect(try stage.outcome(of: toA, into: 1) == [[], [], [100, 101]])
    try stage.set([])
    #expect(try stage.outcome(of: toA, into: 1) == [[], [], []])
  }

  @Test("a station that was silent for 300 s is flooded to again; one of 290 s is not")
  func ages() throws {
    let stage = try Stage(Self.one)
    _ = try stage.outcome(of: Frame(to: Frame.broadcast, from: Self.a, number: 1).tagged(100), into: 0)
    let toA = Frame(to: Self.a, from: Self.b, number: 2).tagged(200)
    for (seconds, expected) in [(290, [[100], [], []]), (11, [[100], [], [100]])] as [(UInt64, [[UInt16?]])] {
      try stage.device.age(by: seconds)
      #expect(try stage.outcome(of: toA, into: 1) == expected)
    }
    // Whoever speaks again is young again.
    _ = try stage.outcome(of: Frame(to: Frame.broadcast, from: Self.a, number: 3).tagged(100), into: 0)
    #expect(try stage.outcome(of: toA, into: 1) == [[100], [], []])
  }

  @Test("between two members everything crosses, and a third member makes a switch of them at once")
  func twoMembers() throws {
    let stage = try Stage([(1, [(10, 100), (11, 200)])])
    let toB = Frame(to: Self.b, from: Self.a, number: 1).tagged(0x6000 | 100)
    let answer = Frame(to: Self.a, from: Self.b, number: 2).tagged(200)
    for _ in 0..<2 {
      #expect(try stage.outcome(of: toB, into: 0) == [[], [0x6000 | 200], []])
      #expect(try stage.outcome(of: answer, into: 1) == [[100], [], []])
    }
    try stage.set([(1, [(10, 100), (11, 200), (12, 7)])])
    #expect(try stage.outcome(of: toB, into: 0) == [[], [0x6000 | 200], [0x6000 | 7]])
    #expect(try stage.outcome(of: answer, into: 1) == [[100], [], []])
    #expect(try stage.outcome(of: toB, into: 0) == [[], [0x6000 | 200], []])
    try stage.set([(1, [(10, 100), (12, 7)])])
    #expect(try stage.outcome(of: toB, into: 0) == [[], [], [0x6000 | 7]])
    try stage.set([(1, [(10, 100)])])
    #expect(try stage.outcome(of: toB, into: 0) == [[], [], []])
  }

  @Test("two tags of one domain at one port: nothing goes back where it came from")
  func twoTagsOfOnePort() throws {
    let stage = try Stage([(1, [(10, 100), (10, 101)])])
    #expect(try stage.outcome(of: Frame(to: Self.b, from: Self.a, number: 1).tagged(100), into: 0) == [[], [], []])
  }

  @Test("64 members are carried; 65, and one tag of two domains, are refused in words")
  func limits() throws {
    let many = (1...63).map { (port: UInt32(11), vlan: UInt16($0)) }
    let stage = try Stage([(1, [(10, 100)] + many)])
    let frame = Frame(to: Frame.broadcast, from: Self.a, number: 1).tagged(100)
    #expect(try stage.outcome(of: frame, into: 0) == [[], (1...63).map { UInt16($0) }, []])
    let tooLarge = try #require(throws: Problem.self) { try stage.set([(1, [(10, 100), (12, 100)] + many)]) }
    #expect(tooLarge.code == "domain-too-large" && tooLarge.kind == .refused)
    let clash = try #require(throws: Problem.self) { try stage.set([(1, [(10, 100)]), (2, [(10, 100)])]) }
    #expect(clash.code == "tag-clash")
  }
}

/// `struct station` and `struct place`.
private struct Station: BitwiseCopyable, Hashable {
  var words: InlineArray<3, UInt32>
  static func == (a: Station, b: Station) -> Bool { a.words.indices.allSatisfy { a.words[$0] == b.words[$0] } }
  func hash(into hasher: inout Hasher) { for index in words.indices { hasher.combine(words[index]) } }
}

private struct Sighting: BitwiseCopyable, Equatable {
  var place: PlaceKey
  var seen: UInt64
}

extension TestDevice {
  /// Makes all stations seem to have been seen so much longer ago.
  fileprivate func age(by seconds: UInt64) throws {
    let map = try #require(HashMap<Station, Sighting>(try dataplane.programs(.switch).map("stations")))
    let entries = try map.entries()
    try #require(!entries.isEmpty)
    try map.replace(with: entries.mapValues { .init(place: $0.place, seen: $0.seen &- seconds * 1_000_000_000) })
  }
}
