import Linux
import Quantities

extension Dataplane {
  /// The most ways that a network may have, and the most members of a switch's domain (`MAX_EXITS`, `MAX_MEMBERS`).
  public static let maximumMembers = 64

  /// How far tables are brought towards what is wanted.
  ///
  /// A network that changes its way loses nothing if every device admits the new one before any turns to it, and all
  /// have turned before the old one is forgotten.
  public enum Stage: Sendable {
    /// What is new is let in; what was there still is.
    case admit
    /// What goes out goes the new way.
    case turn
    /// What is not wanted any more is forgotten.
    case forget
  }

  /// Brings a host's tables to these ports and networks; what is not among them is gone with the last stage.
  ///
  /// Throws a `Problem` for a MAC address that no interface can have (`invalid-mac`), for more than
  /// `maximumMembers` ways (`network-too-large`), or where two networks have one tag on one uplink (`tag-clash`).
  public func set(ports: [GuestPort], networks: [HostNetwork], _ stage: Stage) throws {
    try Self.check(ports, networks)
    // Where nothing was ever loaded there is nothing to empty.
    if ports.isEmpty, networks.isEmpty, found(.host) == nil { return }
    switch stage {
    case .admit:
      try admit(ports: ports, keepsOld: true)
      try write("residents", .host, Self.residents(ports, networks), keepsOthers: true)
      try write("networks", .host, networks.map { ($0.number, NetworkValue($0)) }, keepsOthers: true)
      try write("arrivals", .host, networks.flatMap(\.arrivals), keepsOthers: true)
      // A way that is new and one that changes: only the latter waits for its turn.
      try write("exits", .host, networks.flatMap(\.exits), keepsOthers: true, keepsOld: true)
      try write("trunks", .host, networks.trunks, keepsOthers: true)
    case .turn:
      try admit(ports: ports)
      try write("exits", .host, networks.flatMap(\.exits))
    case .forget:
      try write("trunks", .host, networks.trunks)
      try write("arrivals", .host, networks.flatMap(\.arrivals))
      try write("networks", .host, networks.map { ($0.number, NetworkValue($0)) })
      try forget(exceptPorts: ports, networks)
    }
  }

  private func admit(ports: [GuestPort], keepsOld: Bool = false) throws {
    try write("addresses", .host, ports.flatMap(\.declared), keepsOthers: keepsOld)
    try write("meters", .host, ports.map { ($0.interface, MeterValue()) }, keepsOthers: true, keepsOld: true)
    try write(
      "ports", .host, ports.map { ($0.interface, PortValue($0)) }, keepsOthers: keepsOld, keepsOld: keepsOld)
  }

  /// Makes the table of guests' ports hold these and no others: before their interfaces exist.
  public func setGuestPorts(_ ports: [GuestPort]) throws {
    try Self.check(ports, [])
    if ports.isEmpty, found(.host) == nil { return }
    try admit(ports: ports)
  }

  private func forget(exceptPorts ports: [GuestPort], _ networks: [HostNetwork]) throws {
    try write("residents", .host, Self.residents(ports, networks))
    let here = Set(ports.map(\.interface))
    try drop("meters", MeterValue.self) { (key: UInt32) in here.contains(key) }
    try drop("slots", StationKey.self) { (key: SlotKey) in here.contains(key.port) }
    try dropCounts("tallies") { key in here.contains(key.second) }
    try dropCounts("port_drops") { key in here.contains(key.first) }
  }

  /// Stations that need not be learned: those of segments whose guests send from one address only.
  private static func residents(_ ports: [GuestPort], _ networks: [HostNetwork]) -> [(StationKey, UInt32)] {
    let learning = Set(networks.lazy.filter(\.learns).map(\.number))
    return ports.filter { !$0.rights.contains(.wire) && !learning.contains($0.network) }.map {
      (StationKey(network: $0.network, mac: $0.mac), $0.interface)
    }
  }

  private static func check(_ ports: [GuestPort], _ networks: [HostNetwork]) throws {
    for port in ports where port.mac.rawValue == 0 || port.mac.rawValue >> 40 & 1 == 1 {
      throw Problem(
        .invalid, "invalid-mac", "Port #\(port.interface) was given a MAC address that no interface can have.",
        remedy: "Give its endpoint a unicast address that is not all zeros.")
    }
    for network in networks where network.ways.count > maximumMembers {
      throw Problem(
        .refused, "network-too-large",
        "A network has \(network.ways.count + 1) hosts, but VXLAN and mesh cores carry \(maximumMembers + 1).",
        remedy: "Spread its nodes over fewer hosts, or join the sites by 'core: trunk'.")
    }
  }

  /// A broadcast domain of a switch.
  public struct Domain: Hashable, Sendable {
    public var number: UInt32
    public var members: [Member]
    public init(number: UInt32, members: [Member]) {
      self.number = number
      self.members = members
    }

    /// A port, and the domain's tag on it.
    public struct Member: Hashable, Sendable {
      public var interface: UInt32
      public var tag: Tag
      public var queue: Queue
      public init(interface: UInt32, tag: Tag, queue: Queue = .link) {
        self.interface = interface
        self.tag = tag
        self.queue = queue
      }
    }
  }

  /// Where a switch sends VXLAN of one identifier that is for one host.
  public struct Path: Hashable, Sendable {
    public var identifier: UInt32
    /// IPv4.
    public var destination: UInt32
    public var interface: UInt32
    public var queue: Queue
    public init(identifier: UInt32, destination: UInt32, interface: UInt32, queue: Queue) {
      self.identifier = identifier
      self.destination = destination
      self.interface = interface
      self.queue = queue
    }
  }

  /// Brings a switch's tables to these domains and paths; what is not among them is gone with the last stage.
  ///
  /// Throws a `Problem` where a domain has more than `maximumMembers` members (`domain-too-large`), or two
  /// domains have one tag on one port (`tag-clash`).
  public func set(domains: [Domain], paths: [Path], _ stage: Stage) throws {
    for domain in domains where domain.members.count > Self.maximumMembers {
      throw Problem(
        .refused, "domain-too-large",
        "A network has \(domain.members.count) trunks at one emulated switch, which carries \(Self.maximumMembers).",
        remedy: "Spread its nodes over fewer hosts of the site.")
    }
    if domains.isEmpty, paths.isEmpty, found(.switch) == nil { return }
    // A frame may find a membership whose domain is gone already and is dropped; it never finds another's.
    let isKept = stage != .forget
    try write("domains", .switch, domains.map { ($0.number, DomainValue($0)) }, keepsOthers: isKept)
    try write(
      "routes", .switch,
      paths.map {
        (
          RouteKey(tag: Tag.vxlan($0.identifier).rawValue, destination: $0.destination.bigEndian),
          MemberValue(Domain.Member(interface: $0.interface, tag: .none, queue: $0.queue))
        )
      }, keepsOthers: isKept)
    try write(
      "memberships", .switch,
      domains.flatMap { domain in
        domain.members.enumerated().map { (PlaceKey($1), Membership(domain, $0)) }
      }, keepsOthers: isKept)
  }
}

extension Dataplane.GuestPort {
  fileprivate var declared: [(DeclaredKey, UInt32)] {
    guard rights.contains(.checkedAddresses) else { return [] }
    // The first IPv4 address stands with the port itself.
    let rest = addresses.first?.version == 4 ? addresses.dropFirst() : addresses[...]
    return rest.map { (DeclaredKey(port: interface, $0), 1) }
  }
}

extension Dataplane.HostNetwork {
  fileprivate var exits: [(ExitKey, WayValue)] {
    ways.enumerated().map { (ExitKey(network: number, index: UInt32($0)), WayValue($1)) }
  }

  fileprivate var arrivals: [(ArrivalKey, OriginValue)] {
    ways.enumerated().map { (ArrivalKey($1), OriginValue(network: number, port: port ?? 0, exit: UInt32($0))) }
  }
}

extension [Dataplane.HostNetwork] {
  fileprivate var trunks: [(UInt32, UInt32)] {
    compactMap { network in network.trunk.map { ($0, network.number) } }
  }
}
