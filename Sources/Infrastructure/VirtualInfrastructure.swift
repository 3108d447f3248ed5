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

  public init(name: Name, lease: Lease = Lease(), nodes: [Node], networks: [Network]) {
    self.name = name
    self.lease = lease
    self.nodes = nodes
    self.networks = networks
  }
}

/// The owner's hold: how long from the moment of `up`; nil is until somebody ends it.
public struct Lease: Hashable, Codable, Sendable {
  public var duration: Duration?
  public init(duration: Duration? = nil) { self.duration = duration }
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
  /// Where it must go; nil is anywhere.
  public var site: Name?
  public var host: Name?
  /// Static routes beside the connected ones and the default route towards the segment's gateway.
  public var routes: [Route]

  public init(
    name: Name, kind: Kind = .machine, image: Image = .host, cpu: Cores, memory: ByteCount, site: Name? = nil,
    host: Name? = nil, routes: [Route] = []
  ) {
    self.name = name
    self.kind = kind
    self.image = image
    self.cpu = cpu
    self.memory = memory
    self.site = site
    self.host = host
    self.routes = routes
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
  /// Rate that every core link and uplink it crosses keeps for it, each direction.
  public var minimumRate: Bitrate?
  public var maximumRate: Bitrate?
  /// Upper bound of the latency between any two endpoints.
  public var maximumLatency: Duration?
  /// Largest IP packet asked for; nil is what the path carries.
  public var mtu: Int?

  public init(
    name: Name, kind: Kind, endpoints: [Endpoint], prefixes: [IPPrefix] = [], minimumRate: Bitrate? = nil,
    maximumRate: Bitrate? = nil, maximumLatency: Duration? = nil, mtu: Int? = nil
  ) {
    self.name = name
    self.kind = kind
    self.endpoints = endpoints
    self.prefixes = prefixes
    self.minimumRate = minimumRate
    self.maximumRate = maximumRate
    self.maximumLatency = maximumLatency
    self.mtu = mtu
  }
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
