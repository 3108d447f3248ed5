import CBPF
import Linux
import Quantities

/// The eBPF half of a device's data plane: what is attached where, and what the programs' tables say.
///
/// Tables are replaced whole, against what the kernel holds: nothing of what is gone stays in them, so a
/// reused interface index never inherits another port's rights. Not thread-safe; needs root.
public final class Dataplane {
  /// A program, and with it the place at which it belongs; see `virtcloud.bpf.c`.
  public enum Hook: String, CaseIterable, Sendable {
    /// Ingress of a guest's port.
    case `guard`
    /// Egress of a network's trunk port.
    case tag
    /// Ingress of a host's uplink.
    case untag
    /// Ingress of a switch's port.
    case forward

    var direction: TrafficDirection { self == .tag ? .egress : .ingress }

    /// Its place on the anchor, where all of them meet.
    var priority: UInt16 {
      switch self {
      case .guard: 1
      case .tag: 2
      case .untag: 3
      case .forward: 4
      }
    }
  }

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

  private let socket: NetlinkSocket
  private var loaded: LoadedPrograms?

  /// Finds what an earlier process loaded in the namespace of `socket`; loads nothing yet.
  ///
  /// - Parameter isNew: true where the namespace was just made, and nothing can be in it.
  public init(socket: NetlinkSocket, isNew: Bool = false) throws {
    self.socket = socket
    if !isNew { loaded = try LoadedPrograms(anchoredIn: socket) }
  }

  private func programs() throws -> LoadedPrograms {
    if let loaded { return loaded }
    let fresh = try LoadedPrograms(loadingInto: socket)
    loaded = fresh
    return fresh
  }

  /// Appends the requests that attach a program to a link; attaching again replaces it.
  public func attach(_ hook: Hook, to index: UInt32, in batch: inout NetlinkBatch) throws {
    let program = try programs().programs[hook] ?? -1
    try batch.addClassifierHooks(to: index, tolerating: .exists)
    try batch.attachFilter(to: index, hook.direction, program: program, name: hook.rawValue, priority: 1)
  }

  /// Replaces the table of guests' ports.
  public func setGuestPorts(_ ports: [GuestPort]) throws {
    try replace(
      "guests", UInt32.self, UInt64.self, ports.map { ($0.interface, $0.mac.wireOrder) })
  }

  /// Replaces the tables of trunks, both ways.
  public func setTrunks(_ trunks: [Trunk]) throws {
    try replace(
      "trunks", UInt32.self, Words2.self,
      trunks.map { ($0.port, Words2(first: $0.uplink, second: UInt32($0.vlan.rawValue))) })
    try replace("vlans", UInt32.self, UInt32.self, trunks.map { (UInt32($0.vlan.rawValue), $0.port) })
  }

  /// Replaces the tables of broadcast domains.
  ///
  /// Throws a `Problem` where a domain has more than `maximumMembers` members.
  public func setDomains(_ domains: [Domain]) throws {
    for domain in domains where domain.members.count > Self.maximumMembers {
      throw Problem(
        .refused, "domain-too-large",
        "A network has \(domain.members.count) trunks at one emulated switch, which carries \(Self.maximumMembers).",
        remedy: "Spread its nodes over fewer hosts of the site.")
    }
    // Domains first, memberships last: a frame never finds a membership whose domain is missing.
    try replace("domains", UInt32.self, DomainValue.self, domains.map { ($0.number, DomainValue($0)) })
    try replace(
      "memberships", Words2.self, UInt32.self,
      domains.flatMap { domain in
        domain.members.map { (Words2(first: $0.interface, second: UInt32($0.vlan.rawValue)), domain.number) }
      })
  }

  private func replace<Key: BitwiseCopyable & Hashable, Value: BitwiseCopyable & Equatable>(
    _ name: String, _: Key.Type, _: Value.Type, _ entries: [(Key, Value)]
  ) throws {
    if entries.isEmpty, loaded == nil { return }
    let map = HashMap<Key, Value>(descriptor: try programs().maps[name] ?? -1, name: name)
    try map.replace(with: Dictionary(entries, uniquingKeysWith: { first, _ in first }))
  }

  /// Frames dropped since the programs were loaded, by reason; all zero where none are loaded.
  public func drops() throws -> [DropReason: UInt64] {
    var counts: [DropReason: UInt64] = [:]
    for reason in DropReason.allCases {
      counts[reason] = try loaded.map { try PerCPUCounter(map: $0.maps["drops"] ?? -1).sum(reason.rawValue) } ?? 0
    }
    return counts
  }
}
