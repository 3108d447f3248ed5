import Quantities

extension Dataplane {
  /// What tells on a link which network a frame belongs to.
  public struct Tag: Hashable, Sendable {
    /// A VLAN in the lowest 12 bits and an outer one above it, or a VXLAN identifier below bit 31; zero is no tag.
    let rawValue: UInt32

    /// IEEE 802.1Q, and IEEE 802.1ad where there is an outer tag.
    public static func vlan(_ vlan: VLANID, outer: VLANID? = nil) -> Tag {
      Tag(rawValue: UInt32(outer?.rawValue ?? 0) << 12 | UInt32(vlan.rawValue))
    }

    /// VXLAN (RFC 7348); the identifier's lowest 24 bits count.
    public static func vxlan(_ identifier: UInt32) -> Tag { Tag(rawValue: 1 << 31 | identifier & 0xff_ffff) }

    var isVXLAN: Bool { rawValue >> 31 == 1 }

    /// The link carries one network only.
    public static let none = Tag(rawValue: 0)
  }

  /// Where a frame waits before it goes out.
  public enum Queue: Hashable, Sendable {
    /// Nowhere: it is at the cable's other end at once. Only for cables between namespaces.
    case none
    /// In whatever discipline the link has.
    case link
    /// In the class with this minor number of the link's HTB, whose handle is `1:`.
    case `class`(UInt16)

    /// `skb->priority`, by which HTB finds a class without any filter (`htb_classify`, `net/sched/sch_htb.c`).
    var classID: UInt32 { if case .class(let minor) = self { 0x1_0000 | UInt32(minor) } else { 0 } }
    var flags: UInt32 { self == .none ? 1 : 0 }
  }

  /// A way out of a host for one network, and back in.
  public struct Way: Hashable, Sendable {
    public var uplink: UInt32
    public var tag: Tag
    /// VXLAN: IPv4 addresses of this host and of the other.
    public var local: UInt32
    public var remote: UInt32
    public var queue: Queue

    public init(uplink: UInt32, tag: Tag, local: UInt32 = 0, remote: UInt32 = 0, queue: Queue = .link) {
      self.uplink = uplink
      self.tag = tag
      self.local = local
      self.remote = remote
      self.queue = queue
    }
  }

  /// What a guest may do, and how its frames travel (`struct port`, flags, in `tables.h`).
  public struct Rights: OptionSet, Hashable, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Send from any address of a single station.
    public static let anySource = Rights(rawValue: 1)
    /// What it says in ARP, IP and neighbour discovery is compared with its addresses: a duty, no right.
    public static let checkedAddresses = Rights(rawValue: 2)
    /// Forward others' packets, advertise itself, serve DHCP.
    public static let router = Rights(rawValue: 4)
    public static let stp = Rights(rawValue: 8)
    public static let lacp = Rights(rawValue: 16)
    public static let lldp = Rights(rawValue: 32)
    /// What comes in leaves at the wire's other end.
    public static let wire = Rights(rawValue: 64)
    /// Frames to the guest must pass the discipline at its port.
    public static let queued = Rights(rawValue: 128)
  }

  /// A guest's port.
  public struct GuestPort: Hashable, Sendable {
    public var interface: UInt32
    public var mac: MACAddress
    public var network: UInt32
    /// Port of the wire's other end on this host.
    public var peer: UInt32?
    public var rights: Rights
    /// Compared where `rights` say so.
    public var addresses: [IPAddress]
    /// Stations that are learned at it, at most.
    public var stations: Int
    /// Flooded frames a second; nil is no limit.
    public var storm: Int?
    /// Frames that a wire loses, of a million.
    public var loss: UInt32
    /// Largest IP packet; nil is no limit.
    public var mtu: Int?

    public init(
      interface: UInt32, mac: MACAddress, network: UInt32, peer: UInt32? = nil, rights: Rights = [],
      addresses: [IPAddress] = [], stations: Int = 64, storm: Int? = nil, loss: UInt32 = 0, mtu: Int? = nil
    ) {
      self.mtu = mtu
      self.interface = interface
      self.mac = mac
      self.network = network
      self.peer = peer
      self.rights = rights
      self.addresses = addresses.sorted { $0.version < $1.version }
      self.stations = stations
      self.storm = storm
      self.loss = loss
    }
  }

  /// A network on a host.
  public struct HostNetwork: Hashable, Sendable {
    public var number: UInt32
    /// Its bridge's port towards other hosts.
    public var trunk: UInt32?
    public var ways: [Way]
    /// Known unicast passes by the bridge.
    public var isFast: Bool
    public var learns: Bool
    /// Seconds after which a silent station is forgotten.
    public var ageing: Int
    /// A wire's port here, where frames from other hosts go straight to it.
    public var port: UInt32?

    public init(
      number: UInt32, trunk: UInt32? = nil, ways: [Way] = [], isFast: Bool = true, learns: Bool = false,
      ageing: Int = 300, port: UInt32? = nil
    ) {
      self.number = number
      self.trunk = trunk
      self.ways = ways
      self.isFast = isFast
      self.learns = learns
      self.ageing = ageing
      self.port = port
    }
  }
}
