import Linux
import Quantities

extension Dataplane {
  /// A guest's port and the only source address that may come out of it.
  public struct GuestPort: Hashable, Sendable {
    public var interface: UInt32
    public var mac: MACAddress
    public init(interface: UInt32, mac: MACAddress) {
      self.interface = interface
      self.mac = mac
    }
  }

  /// A network's trunk port, its tag, and the uplink that carries it.
  public struct Trunk: Hashable, Sendable {
    public var port: UInt32
    public var vlan: VLANID
    public var uplink: UInt32
    public init(port: UInt32, vlan: VLANID, uplink: UInt32) {
      self.port = port
      self.vlan = vlan
      self.uplink = uplink
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
      public var vlan: VLANID
      public init(interface: UInt32, vlan: VLANID) {
        self.interface = interface
        self.vlan = vlan
      }
    }
  }

  /// `MAX_MEMBERS` of `virtcloud.bpf.c`.
  public static let maximumMembers = 64

  /// Makes the table of guests' ports hold these and no others.
  ///
  /// Throws a `Problem` (`invalid-mac`) for a group address or zero, which no interface can have.
  public func setGuestPorts(_ ports: [GuestPort]) throws {
    for port in ports where port.mac.rawValue == 0 || port.mac.rawValue >> 40 & 1 == 1 {
      throw Problem(
        .invalid, "invalid-mac", "Port #\(port.interface) was given a MAC address that no interface can have.",
        remedy: "Give its endpoint a unicast address that is not all zeros.")
    }
    try replace("guests", of: .host, ports.map { ($0.interface, $0.mac.wireOrder) })
  }

  /// Makes the tables of trunks, both ways, hold these and no others.
  ///
  /// Throws a `Problem` (`vlan-clash`) where two trunks have one tag on one uplink.
  public func setTrunks(_ trunks: [Trunk]) throws {
    // In before out: a frame whose answer nobody would deliver is not sent.
    try replace("vlans", of: .host, trunks.map { (Place(interface: $0.uplink, vlan: $0.vlan), $0.port) })
    try replace("trunks", of: .host, trunks.map { ($0.port, Place(interface: $0.uplink, vlan: $0.vlan)) })
  }

  /// Makes the tables of broadcast domains hold these and no others.
  ///
  /// Throws a `Problem` where a domain has more than `maximumMembers` members (`domain-too-large`), or two
  /// domains have one tag on one port (`vlan-clash`).
  public func setDomains(_ domains: [Domain]) throws {
    for domain in domains where domain.members.count > Self.maximumMembers {
      throw Problem(
        .refused, "domain-too-large",
        "A network has \(domain.members.count) trunks at one emulated switch, which carries \(Self.maximumMembers).",
        remedy: "Spread its nodes over fewer hosts of the site.")
    }
    // A frame may find a membership whose domain is gone already and is dropped; it never finds another's.
    try replace("domains", of: .switch, domains.map { ($0.number, DomainValue($0)) })
    try replace(
      "memberships", of: .switch,
      domains.flatMap { domain in
        domain.members.enumerated().map { (Place($1), Membership(domain, $0)) }
      })
  }

  private func replace<Key: BitwiseCopyable & Hashable, Value: BitwiseCopyable & Equatable>(
    _ name: String, of role: Role, _ entries: [(Key, Value)]
  ) throws {
    // Where nothing was ever loaded there is nothing to empty.
    if entries.isEmpty, found(role) == nil { return }
    let wanted = try Dictionary(entries) { first, second in
      if first == second { return first }
      throw Problem(
        .failed, "vlan-clash", "Two networks were given one place in the table '\(name)' of a device.",
        remedy: "Run 'virtcloud gc', then the command again.")
    }
    guard let map = HashMap<Key, Value>(try programs(role).map(name)) else { throw LoadedPrograms.foreign }
    try map.replace(with: wanted)
  }
}
