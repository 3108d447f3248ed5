import Quantities

/// One end of an encrypted wire: what the process that carries it needs to know.
///
/// Both ends of a wire have the same key, port and software, and opposite roles.
public struct TunnelSpec: Codable, Hashable, Sendable {
  /// Which end speaks first.
  public enum Role: String, Codable, Hashable, Sendable, CaseIterable {
    /// Connects to `remote`; it may stand behind address translation.
    case initiator
    /// Waits to be connected to; learns from the initiator's packets where that is.
    case responder

    /// The role at the other end.
    public var other: Role { self == .initiator ? .responder : .initiator }
  }

  /// What encrypts the wire.
  public enum Software: String, Codable, Hashable, Sendable, CaseIterable {
    case openVPN = "openvpn"
    /// WireGuard; refused for now (`tunnel-software-unsupported`). It carries IP packets alone, so that a wire needs:
    /// a Curve25519 key pair for each end (RFC 7748) and a preshared key a wire; a `wireguard` link, or a tun that
    /// wireguard-go makes and serves (`WG_TUN_NAME_FILE`, configured over its Unix socket), with one peer, a /31 of
    /// its own as allowed addresses, and a persistent keepalive at the initiator; and a VXLAN link in the same
    /// namespace whose remote is the peer's address in that /31, in place of the tap. Ethernet, VXLAN, UDP, IP and
    /// WireGuard add 14 + 8 + 8 + 20 + 60 = 110 octets to a packet. Whether the peer is there is told by
    /// `last_handshake_time` alone, which has to be asked for.
    case wireGuard = "wireguard"
  }

  /// `INFRASTRUCTURE/WIRE`, for messages.
  public var label: String
  /// The wire's keys' short name, never used for another wire: letters, digits, `-`, `_` and `.`.
  public var key: String
  /// Path of the network namespace (`network_namespaces(7)`) in which the process runs and reaches its peer.
  public var namespace: String
  /// The address in that namespace that packets leave from; IPv4.
  public var local: IPAddress
  /// The peer's address as seen from that namespace; IPv4. The responder does not use it.
  public var remote: IPAddress
  /// UDP port, the same at both ends (unless address translation changes the initiator's).
  public var port: UInt16
  public var role: Role
  /// A persistent tap (`TUNSETPERSIST`, no virtio-net header, one queue) of that namespace; it is not ours to remove.
  public var device: String
  /// Octets of the largest layer-3 packet in the wire.
  public var mtu: Int
  /// Folder with a folder for each wire's keys (`TunnelKeys`).
  public var keyDirectory: String
  public var software: Software

  public init(
    label: String, key: String, namespace: String, local: IPAddress, remote: IPAddress, port: UInt16, role: Role,
    device: String, mtu: Int, keyDirectory: String, software: Software = .openVPN
  ) {
    self.label = label
    self.key = key
    self.namespace = namespace
    self.local = local
    self.remote = remote
    self.port = port
    self.role = role
    self.device = device
    self.mtu = mtu
    self.keyDirectory = keyDirectory
    self.software = software
  }

  /// What tells this end from all others of an installation: the key and the role.
  public var identity: String { "\(key)-\(role.rawValue)" }

  /// The end's key files.
  public var keys: TunnelKeys { TunnelKeys(key: key, directory: keyDirectory) }
}
