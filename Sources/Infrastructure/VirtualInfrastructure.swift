import Quantities

/// What somebody asks for: nodes, the segments and wires between them, and for how long.
///
/// A value of this type that a reader returns is complete and consistent: ranges are expanded, every
/// member exists, every interface has a name, and every address lies in its network's prefix.
public struct VirtualInfrastructure: Hashable, Codable, Sendable {
  public var name: Name
  public var lease: Lease
  /// In the order of the file; names are unique.
  public var nodes: [Node]
  /// Segments, then wires, each in the order of the file; names are unique.
  public var networks: [Network]
  /// Which nodes must or must not share a host or site.
  public var rules: [PlacementRule]
  /// Changes of what is asked while it runs, in rising order of `after`.
  public var timeline: [TimelineEvent]
  /// What the owner notes; VirtCloud only keeps it.
  public var labels: [String: String]

  public init(
    name: Name, lease: Lease = Lease(), nodes: [Node], networks: [Network], rules: [PlacementRule] = [],
    timeline: [TimelineEvent] = [], labels: [String: String] = [:]
  ) {
    self.name = name
    self.lease = lease
    self.nodes = nodes
    self.networks = networks
    self.rules = rules
    self.timeline = timeline
    self.labels = labels
  }
}

/// The owner's hold in time.
public struct Lease: Hashable, Codable, Sendable {
  /// Nil is the moment of `up`.
  public var start: Timestamp?
  /// From the start; nil is until somebody ends it.
  public var duration: Duration?

  public init(start: Timestamp? = nil, duration: Duration? = nil) {
    self.start = start
    self.duration = duration
  }
}

/// A machine or a router.
public struct Node: Hashable, Codable, Sendable {
  public enum Kind: String, Hashable, Codable, Sendable, CaseIterable {
    case machine
    /// Forwards IPv4 and IPv6 between its interfaces.
    case router
  }

  public var name: Name
  public var kind: Kind
  public var image: Image
  public var cpu: Cores
  public var memory: ByteCount
  /// Disk that it needs.
  public var storage: ByteCount
  /// Smaller amounts that it would accept, too; nil is none.
  public var least: TimelineEvent.NodeChange?
  /// Where it must go; nil is anywhere.
  public var site: Name?
  public var host: Name?
  /// `Host.location` that it must have; nil is any.
  public var location: String?
  /// No other infrastructure may have a node on its host.
  public var isExclusive: Bool
  /// Static routes beside the connected ones and the default route towards the segment's gateway.
  public var routes: [Route]
  /// What a router runs; nil forwards by static routes only, as it is for machines.
  public var software: RouterSoftware?
  /// What the owner notes; VirtCloud only keeps it.
  public var labels: [String: String]

  public init(
    name: Name, kind: Kind = .machine, image: Image = .host, cpu: Cores, memory: ByteCount,
    storage: ByteCount = .zero, least: TimelineEvent.NodeChange? = nil, site: Name? = nil, host: Name? = nil,
    location: String? = nil, isExclusive: Bool = false, routes: [Route] = [], software: RouterSoftware? = nil,
    labels: [String: String] = [:]
  ) {
    self.name = name
    self.kind = kind
    self.image = image
    self.cpu = cpu
    self.memory = memory
    self.storage = storage
    self.least = least
    self.site = site
    self.host = host
    self.location = location
    self.isExclusive = isExclusive
    self.routes = routes
    self.software = software
    self.labels = labels
  }
}

/// What a machine's root file system is made from; always copy-on-write.
public enum Image: Hashable, Codable, Sendable {
  /// The root of the machine that carries the node.
  case host
  /// A directory that holds a root file system; absolute.
  case directory(String)
  /// A tar archive of a root file system; absolute.
  case archive(String)
}

/// A static route.
public struct Route: Hashable, Codable, Sendable {
  /// `0.0.0.0/0` and `::/0` are default routes.
  public var destination: IPPrefix
  public var gateway: IPAddress

  public init(destination: IPPrefix, gateway: IPAddress) {
    self.destination = destination
    self.gateway = gateway
  }
}

/// A layer-2 network of its own: a segment (any number of endpoints) or a wire (exactly two).
public struct Network: Hashable, Codable, Sendable {
  public enum Kind: String, Hashable, Codable, Sendable { case segment, wire }

  /// A segment's name in the file; a wire without a name is called `NODE-NODE`.
  public var name: Name
  public var kind: Kind
  public var endpoints: [Endpoint]
  /// At most one prefix a family.
  public var prefixes: [IPPrefix]
  /// Of a segment in each direction of every link it crosses; of a wire from its first endpoint to its second.
  public var rate: RateRange
  /// Of a wire from its second endpoint to its first; nil is the same as `rate`, and so it is for segments.
  public var reverseRate: RateRange?
  /// Upper bound of the latency between any two endpoints.
  public var maximumLatency: Duration?
  /// Largest IP packet asked for; nil is what the path carries.
  public var mtu: Int?
  /// Of a wire; a segment crosses the core as the core's kind says.
  public var type: WireType
  /// Of a wire.
  public var impairment: Impairment
  /// Nil is `PortGuard.usual`.
  public var portGuard: PortGuard?
  /// What the owner notes; VirtCloud only keeps it.
  public var labels: [String: String]

  public init(
    name: Name, kind: Kind, endpoints: [Endpoint], prefixes: [IPPrefix] = [], rate: RateRange = RateRange(),
    reverseRate: RateRange? = nil, maximumLatency: Duration? = nil, mtu: Int? = nil, type: WireType = .auto,
    impairment: Impairment = Impairment(), portGuard: PortGuard? = nil, labels: [String: String] = [:]
  ) {
    self.name = name
    self.kind = kind
    self.endpoints = endpoints
    self.prefixes = prefixes
    self.rate = rate
    self.reverseRate = reverseRate
    self.maximumLatency = maximumLatency
    self.mtu = mtu
    self.type = type
    self.impairment = impairment
    self.portGuard = portGuard
    self.labels = labels
  }

  /// What its ports let in.
  public var guarding: PortGuard { portGuard ?? .usual(for: kind, hasPrefixes: !prefixes.isEmpty) }
}

/// Where a node's interface meets a network.
public struct Endpoint: Hashable, Codable, Sendable {
  public var node: Name
  /// The interface's name inside the node: `eth0`, `eth1` … by order of networks, or as written;
  /// 1 to 15 characters.
  public var interface: String
  /// With the network's prefix length; at most one a family; empty where the network has no prefix.
  public var addresses: [IPPrefix]
  /// Next hops of this endpoint's default routes; empty where the network has no single router.
  public var gateways: [IPAddress]

  public init(node: Name, interface: String, addresses: [IPPrefix] = [], gateways: [IPAddress] = []) {
    self.node = node
    self.interface = interface
    self.addresses = addresses
    self.gateways = gateways
  }
}
