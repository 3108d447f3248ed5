import Quantities

// Keys and values as the programs' headers lay them out (`tables.h`, `switch.h`).

/// `struct port`.
struct PortValue: BitwiseCopyable, Equatable {
  var mac: UInt64
  var network: UInt32
  var peer: UInt32
  var flags: UInt32
  var address: UInt32 = 0
  var macs: UInt32
  var gap: UInt32
  var loss: UInt32
  var mtu: UInt32

  init(_ port: Dataplane.GuestPort) {
    mtu = UInt32(clamping: port.mtu ?? 0)
    mac = port.mac.wireOrder
    network = port.network
    peer = port.peer ?? 0
    flags = port.rights.rawValue
    for case .v4(let number) in port.addresses.prefix(1) { address = number.bigEndian }
    macs = UInt32(clamping: port.stations)
    gap = port.storm.map { UInt32(clamping: 1_000_000_000 / max(1, $0)) } ?? 0
    // Of 2^32, rounded down: all of a million is all but one of 2^32.
    loss = UInt32(clamping: UInt64(port.loss) << 32 / 1_000_000)
  }
}

/// `struct network`.
struct NetworkValue: BitwiseCopyable, Equatable {
  var trunk: UInt32
  var exits: UInt32
  var flags: UInt32
  var ageing: UInt32

  init(_ network: Dataplane.HostNetwork) {
    trunk = network.trunk ?? 0
    exits = UInt32(clamping: network.ways.count)
    flags = (network.learns ? 1 : 0) | (network.isFast ? 2 : 0)
    ageing = UInt32(clamping: network.ageing)
  }
}

/// `struct exit`.
struct ExitKey: BitwiseCopyable, Hashable {
  var network: UInt32
  var index: UInt32
}

/// `struct way`.
struct WayValue: BitwiseCopyable, Equatable {
  var uplink: UInt32
  var tag: UInt32
  var local: UInt32
  var remote: UInt32
  var classID: UInt32
  var flags: UInt32

  init(_ way: Dataplane.Way) {
    uplink = way.uplink
    tag = way.tag.rawValue
    (local, remote) = (way.local.bigEndian, way.remote.bigEndian)
    (classID, flags) = (way.queue.classID, way.queue.flags)
  }
}

/// `struct arrival`.
struct ArrivalKey: BitwiseCopyable, Hashable {
  var uplink: UInt32
  var tag: UInt32
  var remote: UInt32

  init(_ way: Dataplane.Way) {
    uplink = way.uplink
    tag = way.tag.rawValue
    remote = way.tag.isVXLAN ? way.remote.bigEndian : 0
  }
}

/// `struct origin`.
struct OriginValue: BitwiseCopyable, Equatable {
  var network: UInt32
  var port: UInt32
  var exit: UInt32
  var zero: UInt32 = 0
}

/// `struct station`.
struct StationKey: BitwiseCopyable, Hashable {
  var network: UInt32
  var mac: (UInt16, UInt16, UInt16)
  var zero: UInt16 = 0

  init(network: UInt32, mac: MACAddress) {
    self.network = network
    let order = mac.wireOrder
    self.mac = (
      UInt16(truncatingIfNeeded: order), UInt16(truncatingIfNeeded: order >> 16),
      UInt16(truncatingIfNeeded: order >> 32)
    )
  }

  static func == (a: StationKey, b: StationKey) -> Bool { a.network == b.network && a.mac == b.mac }

  func hash(into hasher: inout Hasher) {
    hasher.combine(network)
    hasher.combine(mac.0)
    hasher.combine(mac.1)
    hasher.combine(mac.2)
  }
}

/// `struct declared`.
struct DeclaredKey: BitwiseCopyable, Hashable {
  var port: UInt32
  var high: (UInt32, UInt32)
  var low: (UInt32, UInt32)

  init(port: UInt32, _ address: IPAddress) {
    self.port = port
    // RFC 4291, section 2.5.5.2: an IPv4 address as IPv6.
    let number: UInt128 =
      switch address {
      case .v4(let number): 0xffff << 32 | UInt128(number)
      case .v6(let number): number
      }
    func word(_ shift: UInt128) -> UInt32 { UInt32(truncatingIfNeeded: number >> shift).bigEndian }
    high = (word(96), word(64))
    low = (word(32), word(0))
  }

  static func == (a: DeclaredKey, b: DeclaredKey) -> Bool { a.port == b.port && a.high == b.high && a.low == b.low }

  func hash(into hasher: inout Hasher) {
    hasher.combine(port)
    for word in [high.0, high.1, low.0, low.1] { hasher.combine(word) }
  }
}

/// `struct meter`.
struct MeterValue: BitwiseCopyable, Equatable {
  var flooded: UInt64 = 0
  var cursor: UInt32 = 0
  var zero: UInt32 = 0
}

/// `struct slot`.
struct SlotKey: BitwiseCopyable, Hashable {
  var port: UInt32
  var number: UInt32
}

/// `struct counted`, `struct dropped`: two numbers.
struct PairKey: BitwiseCopyable, Hashable {
  var first: UInt32
  var second: UInt32
}

/// `struct window`.
struct WindowValue: BitwiseCopyable {
  var number: UInt64
  var current: UInt64
  var previous: UInt64
}

/// `struct tally`.
struct TallyValue: BitwiseCopyable {
  var frames: UInt64
  var octets: UInt64
  var second: WindowValue
  var minute: WindowValue
}

/// `struct place`: a switch's port and a tag on it.
struct PlaceKey: BitwiseCopyable, Hashable {
  var interface: UInt32
  var tag: UInt32

  init(_ member: Dataplane.Domain.Member) {
    interface = member.interface
    tag = member.tag.rawValue
  }
}

/// `struct member`.
struct MemberValue: BitwiseCopyable, Equatable {
  var port: UInt32 = 0
  var tag: UInt32 = 0
  var classID: UInt32 = 0
  var flags: UInt32 = 0

  init() {}

  init(_ member: Dataplane.Domain.Member) {
    port = member.interface
    tag = member.tag.rawValue
    (classID, flags) = (member.queue.classID, member.queue.flags)
  }
}

/// `struct membership`: a domain and, where it has two members, the other one.
struct Membership: BitwiseCopyable, Equatable {
  var domain: UInt32
  var ageing: UInt32 = 0
  var own: MemberValue
  var peer = MemberValue()

  /// - Parameter index: the member's place in the domain.
  init(_ domain: Dataplane.Domain, _ index: Int) {
    self.domain = domain.number
    own = MemberValue(domain.members[index])
    if domain.members.count == 2 { peer = MemberValue(domain.members[1 - index]) }
  }
}

/// `struct domain`: the count, then room for 64 members.
struct DomainValue: BitwiseCopyable, Equatable {
  var count: UInt32
  var zero: UInt32 = 0
  var members: InlineArray<64, MemberValue>

  init(_ domain: Dataplane.Domain) {
    count = UInt32(domain.members.count)
    members = InlineArray(repeating: MemberValue())
    for (index, member) in domain.members.enumerated() {
      members[index] = MemberValue(member)
    }
  }

  static func == (a: DomainValue, b: DomainValue) -> Bool {
    a.count == b.count && a.members.indices.allSatisfy { a.members[$0] == b.members[$0] }
  }
}

/// `struct route`.
struct RouteKey: BitwiseCopyable, Hashable {
  var tag: UInt32
  var destination: UInt32
}

extension MACAddress {
  /// Six octets as on the wire, then two zeros, as a number of this machine.
  var wireOrder: UInt64 { (rawValue << 16).bigEndian }
}
