import Infrastructure
import Quantities

/// How a host, or an emulated site's switch, must look: whole, and with no choice left to the agent.
///
/// A plan is the agent's only input. Applying it twice changes nothing; one with a generation lower
/// than the last that was applied is refused.
public struct HostPlan: Hashable, Codable, Sendable {
  /// The host's name, or `SITE` for the switch of an emulated site.
  public var device: Name
  public var generation: UInt64
  /// Network namespace that holds the device's data plane: `vc-` and a hash.
  public var namespace: String
  /// Cables that this device lays: a switch to its hosts, and to the switches of later sites.
  public var cables: [CablePlan]
  /// True for the switch of an emulated site.
  public var isSwitch: Bool
  /// What the device forwards between its trunks; empty for a host.
  public var domains: [DomainPlan]
  /// Where it hands on VXLAN; empty for a host.
  public var paths: [RoutePathPlan]
  /// What its links promise.
  public var shapers: [ShaperPlan]
  /// The slices of infrastructures that live here, by number; empty for a switch.
  public var slices: [SlicePlan]
  /// Name of the namespace beside the host's in which its tunnels' processes live; nil where it has no tunnels.
  public var tunnelNamespace: String?
  /// What a namespace of tunnels has; empty for hosts and switches.
  public var tunnels: [TunnelPlan] = []
  /// How `uplink` is joined with the machine's interface; nil where an emulated cable ends there, or nothing.
  public var trunk: TrunkLinkPlan?

  /// A host's only port towards its site's switch, in the host's own namespace.
  public static let uplink = "uplink"

  public init(
    device: Name, generation: UInt64, namespace: String, isSwitch: Bool = false, cables: [CablePlan] = [],
    domains: [DomainPlan] = [], paths: [RoutePathPlan] = [], shapers: [ShaperPlan] = [], slices: [SlicePlan] = []
  ) {
    self.device = device
    self.generation = generation
    self.namespace = namespace
    self.isSwitch = isSwitch
    self.cables = cables
    self.domains = domains
    self.paths = paths
    self.shapers = shapers
    self.slices = slices
  }
}

/// What joins a real host's device with its site's physical switch: the VLANs of an interface of the agent's own
/// network namespace.
public struct TrunkLinkPlan: Hashable, Codable, Sendable {
  /// The machine's interface, such as `eth1`.
  public var interface: String
  /// What is VirtCloud's on it, as `VLANSet` reads it; everything else stays the machine's own. A text, for plans are
  /// compared again and again.
  public var vlans: String
  /// Largest IP packet, the tag not counted.
  public var mtu: Int

  public init(interface: String, vlans: String, mtu: Int) {
    self.interface = interface
    self.vlans = vlans
    self.mtu = mtu
  }

  /// A short word for the set of VLANs.
  public var vlanDigest: String { ObjectNames.digits(ObjectNames.hash(vlans), count: 13) }
}

/// An emulated cable: a veth pair between two devices' namespaces.
public struct CablePlan: Hashable, Codable, Sendable {
  /// Interface on the laying device's side, at most 15 characters.
  public var near: String
  public var far: String
  /// Namespace of the far end.
  public var farNamespace: String
  /// The full name that people see as the links' alias, such as `core brno - prague`.
  public var label: String
  /// Largest IP packet, the tag not counted.
  public var mtu: Int

  public init(near: String, far: String, farNamespace: String, label: String, mtu: Int) {
    self.near = near
    self.far = far
    self.farNamespace = farNamespace
    self.label = label
    self.mtu = mtu
  }
}

/// One broadcast domain in an emulated switch: the trunks that it joins and its VLAN on each.
public struct DomainPlan: Hashable, Codable, Sendable {
  /// Unique in the substrate: the network's number.
  public var number: UInt32
  public var members: [Member]

  public struct Member: Hashable, Codable, Sendable {
    public var interface: String
    public var vlan: VLANID
    /// Tag of IEEE 802.1ad around it; nil is none.
    public var outer: VLANID?
    /// Class of what goes out there; nil is not queued.
    public var classID: UInt16?
    public init(interface: String, vlan: VLANID, outer: VLANID? = nil, classID: UInt16? = nil) {
      self.interface = interface
      self.vlan = vlan
      self.outer = outer
      self.classID = classID
    }
  }

  public init(number: UInt32, members: [Member]) {
    self.number = number
    self.members = members
  }
}

/// What one infrastructure has on one host.
public struct SlicePlan: Hashable, Codable, Sendable {
  /// Name of the infrastructure.
  public var infrastructure: Name
  /// Its number, unique in the substrate, `1 ... 32767`: the link group of all its links and the slot of
  /// its range of user ids.
  public var number: UInt32
  public var networks: [NetworkPlan]
  public var machines: [MachinePlan]
  /// Ends of encrypted wires.
  public var tunnels: [TunnelPlan] = []
  /// The text of every machine's `/etc/hosts` below its own loopback lines.
  public var hostsFile: String
  /// Its machines get no processor time.
  public var isPaused = false

  public init(
    infrastructure: Name, number: UInt32, networks: [NetworkPlan], machines: [MachinePlan], hostsFile: String
  ) {
    self.infrastructure = infrastructure
    self.number = number
    self.networks = networks
    self.machines = machines
    self.hostsFile = hostsFile
  }
}

/// A namespace machine or router.
public struct MachinePlan: Hashable, Codable, Sendable {
  public var name: Name
  /// `INFRASTRUCTURE/NODE`.
  public var label: String
  /// Folder name of its cgroup: a hash of the label.
  public var key: String
  /// Forwards between its interfaces.
  public var isRouter: Bool
  public var image: ImagePlan
  public var cpu: Cores
  public var memory: ByteCount
  public var ports: [PortPlan]
  public var routes: [RoutePlan]
  /// What a router runs beside the kernel's forwarding; nil is nothing.
  public var software: RouterSoftware?

  public init(
    name: Name, label: String, key: String, isRouter: Bool, image: ImagePlan, cpu: Cores, memory: ByteCount,
    ports: [PortPlan], routes: [RoutePlan], software: RouterSoftware? = nil
  ) {
    self.name = name
    self.label = label
    self.key = key
    self.isRouter = isRouter
    self.image = image
    self.cpu = cpu
    self.memory = memory
    self.ports = ports
    self.routes = routes
    self.software = software
  }
}

/// What a machine's root is made from.
public enum ImagePlan: Hashable, Codable, Sendable {
  case host
  case directory(String)
  case archive(String)
}

/// A veth pair between a machine and its network.
public struct PortPlan: Hashable, Codable, Sendable {
  /// Interface on the host's side, at most 15 characters.
  public var port: String
  /// Interface in the machine.
  public var interface: String
  /// Number of the network.
  public var network: UInt32
  public var isWire: Bool
  /// Nil where programs join the port to the wire's other end.
  public var bridge: String?
  /// The port on this host that a wire's frames go to; nil for a segment, and where they leave the host.
  public var peer: String?
  public var mac: MACAddress
  public var mtu: Int
  /// Interface addresses with prefix lengths.
  public var addresses: [IPPrefix]
  public var guarding: PortGuard
  /// Most that the machine gets through it; nil is not limited here.
  public var rate: Bitrate?
  public var impairment: Impairment
  /// `INFRASTRUCTURE/NODE:INTERFACE`, the port's alias.
  public var label: String

  public init(
    port: String, interface: String, network: UInt32, isWire: Bool = false, bridge: String?, peer: String? = nil,
    mac: MACAddress, mtu: Int,
    addresses: [IPPrefix], guarding: PortGuard, rate: Bitrate? = nil, impairment: Impairment = Impairment(),
    label: String
  ) {
    self.port = port
    self.interface = interface
    self.network = network
    self.isWire = isWire
    self.bridge = bridge
    self.peer = peer
    self.mac = mac
    self.mtu = mtu
    self.addresses = addresses
    self.guarding = guarding
    self.rate = rate
    self.impairment = impairment
    self.label = label
  }
}

/// A route in a machine.
public struct RoutePlan: Hashable, Codable, Sendable {
  public var destination: IPPrefix
  public var gateway: IPAddress

  public init(destination: IPPrefix, gateway: IPAddress) {
    self.destination = destination
    self.gateway = gateway
  }
}
