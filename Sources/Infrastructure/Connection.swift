import Quantities

/// How a wire joins its two ends (VirtualWire: Williams et al., *VirtualWire for Live Migrating Virtual Networks across
/// Clouds*, IBM RC25378, 2013).
public enum WireType: String, Hashable, Codable, Sendable, CaseIterable {
  /// The shortest that can be had for where the ends are: `native` where the core carries VLANs, else `encapsulating`.
  case auto
  /// Ends on one host are joined port to port; others by a VLAN of the wire's own.
  case native
  /// VXLAN (RFC 7348): a network identifier of 24 bits of the wire's own, no VLAN.
  case encapsulating
  /// Encrypted, with keys that no other wire has.
  case tunnelling
}

/// What an experimenter does to a wire, in both directions alike (tc-netem(8)).
public struct Impairment: Hashable, Codable, Sendable {
  /// Added to what the path takes.
  public var delay: Duration
  /// The delay varies by so much, up and down.
  public var jitter: Duration
  /// Frames that are lost, of a million.
  public var loss: UInt32

  public init(delay: Duration = .zero, jitter: Duration = .zero, loss: UInt32 = 0) {
    self.delay = delay
    self.jitter = jitter
    self.loss = loss
  }

  /// The loss in percent with as many decimals as it needs: `0.1%`.
  public var lossText: String {
    var decimals = String(String(loss % 10_000 + 10_000).dropFirst())
    while decimals.last == "0" { decimals.removeLast() }
    return "\(loss / 10_000)\(decimals.isEmpty ? "" : "." + decimals)%"
  }

  /// A part in percent with at most four decimals, `0% ... 100%`, in millionths; throws `out-of-bounds`.
  public static func loss(parsing text: String) throws(Problem) -> UInt32 {
    let number = text.hasSuffix("%") ? text.dropLast() : text[...]
    let parts = number.split(separator: ".", omittingEmptySubsequences: false)
    let decimals = parts.count == 2 ? String(parts[1]) : ""
    let padded = decimals + String(repeating: "0", count: max(0, 4 - decimals.utf8.count))
    guard (1...2).contains(parts.count), let whole = UInt32(parts[0]), whole <= 100, decimals.utf8.count <= 4,
      parts.count == 1 || !decimals.isEmpty, decimals.utf8.allSatisfy({ (48...57).contains($0) }),
      let fraction = UInt32(padded), whole < 100 || fraction == 0
    else {
      throw Problem(
        .invalid, "out-of-bounds", "'\(text.prefix(40))' is not a part from 0% to 100%.",
        remedy: "Write one with at most four decimals, such as 0.1%.")
    }
    return whole * 10_000 + fraction
  }

  /// Nothing is done.
  public var isNone: Bool { self == Impairment() }
}

/// What a node's port lets in from its node. The node is taken for hostile.
public struct PortGuard: Hashable, Codable, Sendable {
  /// How much of a frame is held against what was declared.
  public enum Level: String, Hashable, Codable, Sendable, CaseIterable {
    /// Any station may be behind the port: for nodes that are switches themselves.
    case none
    /// Frames come from the interface's own MAC address.
    case mac
    /// Moreover, ARP, IPv4, IPv6 and neighbour discovery speak of declared addresses, and only routers advertise
    /// themselves or serve DHCP.
    case addresses
  }

  /// Link-local control protocols that a wire passes; a segment passes none (IEEE 802.1Q-2018, table 8-1).
  public enum Control: String, Hashable, Codable, Sendable, CaseIterable {
    case stp, lacp, lldp
  }

  public var level: Level
  /// Stations that may be behind a port at once, where the level is `none`.
  public var stations: Int
  /// Broadcast, multicast and unknown unicast frames a second; nil is no limit. Wires have none.
  public var storm: Int?
  public var passes: Set<Control>

  public init(level: Level, stations: Int = 64, storm: Int? = 5000, passes: Set<Control> = []) {
    self.level = level
    self.stations = stations
    self.storm = storm
    self.passes = passes
  }

  /// What a network has where the file says nothing: wires join two nodes of one owner and pass anything; a segment's
  /// members are held to their addresses where they have some.
  public static func usual(for kind: Network.Kind, hasPrefixes: Bool) -> PortGuard {
    switch kind {
    case .wire: PortGuard(level: .none, storm: nil)
    case .segment: PortGuard(level: hasPrefixes ? .addresses : .mac)
    }
  }
}

extension Network {
  /// True where the network, if it leaves its host, takes a VLAN at each site that it crosses.
  public func needsVLAN(over core: CoreKind) -> Bool {
    core.carriesVLANs && !(kind == .wire && (type == .encapsulating || type == .tunnelling))
  }
}
