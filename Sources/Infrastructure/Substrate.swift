import Quantities

/// The physical grid: sites, the hosts at them, and the core links that join the sites.
public struct Substrate: Hashable, Codable, Sendable {
  public var name: Name
  public var core: CoreKind
  /// In the order of the file; names are unique.
  public var sites: [Site]
  /// In the order of the file; names are unique across sites.
  public var hosts: [Host]
  public var links: [CoreLink]
  /// Part of every link and uplink that is never promised, in percent, `0 ... 99`: what best effort lives on.
  public var bestEffort: Int
  /// False leads every frame through bridges, as a check on the programs that pass them by.
  public var fastPath: Bool

  public init(
    name: Name, core: CoreKind = .trunk, sites: [Site], hosts: [Host], links: [CoreLink] = [], bestEffort: Int = 0,
    fastPath: Bool = true
  ) {
    self.name = name
    self.core = core
    self.sites = sites
    self.hosts = hosts
    self.links = links
    self.bestEffort = bestEffort
    self.fastPath = fastPath
  }
}

/// How the sites are joined.
public enum CoreKind: String, Hashable, Codable, Sendable, CaseIterable {
  /// A plain IEEE 802.1Q trunk: a network's VLAN crosses the core as it is.
  case trunk
  /// IEEE 802.1ad: on core links a network's VLAN is the inner tag, the outer one is its infrastructure's.
  case stacked = "802.1ad"
  /// An IP core: VXLAN between hosts; what a segment floods is replicated by the host that it enters at.
  case vxlan
  /// An IP core: a full mesh of encapsulating wires, one a pair of hosts, with split horizon, as VPLS does (RFC 4762).
  case mesh

  /// True where a network has a VLAN at each site that it crosses.
  public var carriesVLANs: Bool { self == .trunk || self == .stacked }
}

/// A place with hosts behind one switch.
public struct Site: Hashable, Codable, Sendable {
  public var name: Name
  /// The VLANs that VirtCloud may use here.
  public var vlans: VLANSet

  public init(name: Name, vlans: VLANSet) {
    self.name = name
    self.vlans = vlans
  }
}

/// A machine that carries nodes.
public struct Host: Hashable, Codable, Sendable {
  public enum Kind: String, Hashable, Codable, Sendable, CaseIterable {
    /// A network namespace of this machine, cabled to an emulated site switch.
    case emulated
    /// A machine: the controller's own, or one with an agent.
    case real
  }

  public var name: Name
  public var site: Name
  public var kind: Kind
  public var cpu: Cores
  public var memory: ByteCount
  /// Disk for nodes; nil is not limited.
  public var storage: ByteCount?
  /// Most nodes at once; nil is not limited.
  public var slots: Int?
  /// A label such as a room or a region that nodes may ask for; nil is none.
  public var location: String?
  /// Price of a core for an hour, in units that the operator chooses.
  public var price: Int
  /// Rate of the cable to the site's switch, each direction; nil is not limited.
  public var uplink: Bitrate?
  /// Largest IP packet that the uplink carries, in bytes, the 802.1Q tag not counted.
  public var mtu: Int
  /// A real host's interface towards its site's physical switch, at most 15 characters; nil where there is none.
  public var trunk: String?

  public init(
    name: Name, site: Name, kind: Kind, cpu: Cores, memory: ByteCount, storage: ByteCount? = nil, slots: Int? = nil,
    location: String? = nil, price: Int = 1, uplink: Bitrate? = nil, mtu: Int = 1500, trunk: String? = nil
  ) {
    self.name = name
    self.site = site
    self.kind = kind
    self.cpu = cpu
    self.memory = memory
    self.storage = storage
    self.slots = slots
    self.location = location
    self.price = price
    self.uplink = uplink
    self.mtu = mtu
    self.trunk = trunk
  }
}

/// A link between two sites; both directions have the same rate.
public struct CoreLink: Hashable, Codable, Sendable {
  public var ends: Pair<Name>
  /// Nil is not limited.
  public var rate: Bitrate?
  public var latency: Duration
  /// Price of 1 Gbit/s for an hour, in units that the operator chooses.
  public var price: Int
  /// Largest IP packet that the link carries, in bytes, the 802.1Q tag not counted.
  public var mtu: Int

  public init(ends: Pair<Name>, rate: Bitrate? = nil, latency: Duration = .zero, price: Int = 1, mtu: Int = 1500) {
    self.ends = ends
    self.rate = rate
    self.latency = latency
    self.price = price
    self.mtu = mtu
  }
}

/// Two things of one kind, in the order in which they were written.
public struct Pair<Element: Hashable & Codable & Sendable>: Hashable, Codable, Sendable {
  public var first: Element
  public var second: Element

  public init(_ first: Element, _ second: Element) {
    self.first = first
    self.second = second
  }
}
