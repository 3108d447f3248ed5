import Infrastructure
import Quantities

/// One end of an encrypted wire on its host.
///
/// The tunnel's process lives in a namespace of its own beside the host's: what it decrypts enters the host through
/// `inner`, what it encrypts leaves through `outer`, which is joined to the other host like an ordinary wire. So no
/// host has an address that a guest could reach.
///
/// ```
/// guest port ── inner | inside ── tap ── process ── outside | outer ── way to the other host
///             (host)  | (namespace of the host's tunnels)   | (host)
/// ```
public struct TunnelPlan: Hashable, Codable, Sendable {
  /// `INFRASTRUCTURE/WIRE`.
  public var label: String
  /// Number of the infrastructure: the link group of the cables.
  public var infrastructure: UInt32
  /// Of the wire, and of what carries its encrypted frames.
  public var network, carrier: UInt32
  public var inner, inside, outer, outside, tap: String
  /// The guest's port, which `inner` is joined to.
  public var port: String
  /// Point-to-point addresses of the two processes, `/31` (RFC 3021).
  public var local, remote: IPPrefix
  /// The end that speaks first: the wire's first.
  public var isInitiator: Bool
  /// Largest IP packet of the wire, and of what carries it.
  public var mtu, outerMTU: Int

  /// What the aliases of its links begin with.
  public static let mark = "virtcloud tunnel "

  /// UDP port of both processes.
  public static let udpPort: UInt16 = 1194

  /// A locally administered address of `outside`: `02:58`, the network's number, the end.
  public var outsideMAC: MACAddress {
    MACAddress(rawValue: 0x0258 << 32 | UInt64(network & 0xff_ffff) << 8 | (isInitiator ? 0 : 1))
  }
}

extension TunnelPlan {
  /// Pairs of addresses out of 100.64.0.0/10 (RFC 6598), one for each network's number: they are seen by the two
  /// processes alone, each pair on a link of its own.
  static func addresses(of network: UInt32) -> (first: IPPrefix, second: IPPrefix) {
    let base: UInt32 = 100 << 24 | 64 << 16 | (network & 0x1f_ffff) << 1
    return (
      IPPrefix(address: .v4(base), length: 31), IPPrefix(address: .v4(base | 1), length: 31)
    )
  }
}
