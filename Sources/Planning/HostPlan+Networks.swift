import Infrastructure
import Quantities

/// A segment or wire on one host: its bridge where it needs one, and the ways to its other hosts.
public struct NetworkPlan: Hashable, Codable, Sendable {
  /// `INFRASTRUCTURE/NETWORK`, the bridge's alias.
  public var label: String
  /// Unique in the substrate, `1 ... 16777215`.
  public var number: UInt32
  /// Interface name of the bridge; nil for a wire on the fast path, whose ports are joined by programs.
  public var bridge: String?
  public var mtu: Int
  /// The bridge's port towards other hosts; nil where all endpoints are here, or where there is no bridge.
  public var trunk: TrunkPlan?
  /// One for each other host, or a single one that leads to all of them.
  public var ways: [WayPlan]
  /// Known unicast passes by the bridge.
  public var isFast: Bool
  /// Stations are learned; else the plan knows all that are here.
  public var learns: Bool
  /// The only port here, where frames from other hosts need no bridge to find it: a wire's end.
  public var port: String?

  /// What reaches the bridge is for everybody: programs know where single stations are.
  public var isHub: Bool { isFast && learns }

  public init(
    label: String, number: UInt32, bridge: String?, mtu: Int, trunk: TrunkPlan? = nil, ways: [WayPlan] = [],
    isFast: Bool = true, learns: Bool = false, port: String? = nil
  ) {
    self.label = label
    self.number = number
    self.bridge = bridge
    self.mtu = mtu
    self.trunk = trunk
    self.ways = ways
    self.isFast = isFast
    self.learns = learns
    self.port = port
  }
}

/// A bridge's port towards other hosts, and its unused veth peer.
public struct TrunkPlan: Hashable, Codable, Sendable {
  public var port: String
  public var stub: String

  public init(port: String, stub: String) {
    self.port = port
    self.stub = stub
  }
}

/// A way out of a host for one network.
public struct WayPlan: Hashable, Codable, Sendable {
  /// The host's interface.
  public var uplink: String
  public var tag: TagPlan
  /// Class on the uplink; nil is not queued.
  public var classID: UInt16?

  public init(uplink: String, tag: TagPlan, classID: UInt16? = nil) {
    self.uplink = uplink
    self.tag = tag
    self.classID = classID
  }
}

/// How a frame tells on a link which network it belongs to.
public enum TagPlan: Hashable, Codable, Sendable {
  /// IEEE 802.1Q, and an outer tag of IEEE 802.1ad where there is one.
  case vlan(VLANID, outer: VLANID?)
  /// VXLAN identifier, `1 ... 16777215`, and the IPv4 addresses of this host and of the other.
  case vxlan(identifier: UInt32, local: UInt32, remote: UInt32)
  /// None: the link carries nothing else.
  case none

  /// The VLAN that a site's pool has to know of.
  public var vlan: VLANID? {
    if case .vlan(let vlan, _) = self { vlan } else { nil }
  }
}

/// What a limited link promises to those who cross it.
///
/// HTB classes (tc-htb(8)); rates count octets of Ethernet frames as they are on the link, without preamble, tag and
/// checksum.
public struct ShaperPlan: Hashable, Codable, Sendable {
  public var interface: String
  /// Nil is not limited: only classes with a maximum are.
  public var rate: Bitrate?
  public var classes: [ClassPlan]

  public init(interface: String, rate: Bitrate?, classes: [ClassPlan]) {
    self.interface = interface
    self.rate = rate
    self.classes = classes
  }
}

/// One network in one direction of a link.
public struct ClassPlan: Hashable, Codable, Sendable {
  /// Minor number, `firstID ... 65534`.
  public var id: UInt16
  /// Number of the network.
  public var network: UInt32
  /// Kept for it; nil is best effort.
  public var minimum: Bitrate?
  /// Not exceeded; nil is the link's rate.
  public var maximum: Bitrate?
  /// Octets that it sends at its turn when what others leave unused is shared out, `1514 ... 200000`.
  public var quantum: UInt32

  /// The first that a network may have; 1 is the link itself, 65535 whatever belongs to no network.
  public static let firstID: UInt16 = 16

  public init(id: UInt16, network: UInt32, minimum: Bitrate?, maximum: Bitrate?, quantum: UInt32) {
    self.id = id
    self.network = network
    self.minimum = minimum
    self.maximum = maximum
    self.quantum = quantum
  }
}

/// Where a site's switch sends a network's VXLAN that is for one host.
public struct RoutePathPlan: Hashable, Codable, Sendable {
  public var identifier: UInt32
  /// IPv4 address of the host.
  public var destination: UInt32
  public var interface: String
  public var classID: UInt16?

  public init(identifier: UInt32, destination: UInt32, interface: String, classID: UInt16?) {
    self.identifier = identifier
    self.destination = destination
    self.interface = interface
    self.classID = classID
  }
}
