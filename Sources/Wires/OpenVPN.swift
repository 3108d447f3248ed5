import Quantities

/// OpenVPN 2.6 as a wire: two processes in TLS mode, peer to peer, Ethernet in UDP.
///
/// Options are those of `openvpn(8)`.
public enum OpenVPN {
  /// The arguments of the process, its name first; no file but the keys is read, no shell or script is run.
  ///
  /// - Parameters:
  ///   - spec: the end.
  ///   - peerFingerprint: of the other end's certificate (`TunnelKeys.fingerprint(of:)`).
  ///   - managementSocket: path of the Unix socket to which the process connects and tells its state. The process
  ///     ends when that connection does.
  public static func arguments(_ spec: TunnelSpec, peerFingerprint: String, managementSocket: String) -> [String] {
    let options =
      [
        transport(spec), device(spec), identity(spec, peerFingerprint), liveness,
        [["management", managementSocket, "unix"], ["management-client"]], privileges, log,
      ].flatMap { $0 }
    return ["openvpn"] + options.flatMap { ["--" + $0[0]] + $0.dropFirst() }
  }

  private static func transport(_ spec: TunnelSpec) -> [[String]] {
    let remote = spec.role == .initiator ? [["remote", "\(spec.remote)", "\(spec.port)"]] : []
    return [
      ["proto", "udp4"],
      // A fixed port also at the initiator: after a restart it comes through the same translation again.
      ["local", "\(spec.local)"], ["lport", "\(spec.port)"],
    ] + remote + [
      // The peer may be seen under an address and port that translation has chosen, and may change.
      ["float"],
      // The kernel cuts them down to net.core.rmem_max and wmem_max. The default of 208 KiB holds one burst of a
      // single TCP connection, and what it drops there costs a third of the throughput.
      ["rcvbuf", "1048576"], ["sndbuf", "1048576"],
      // One system call less for each packet sent.
      ["fast-io"],
    ]
  }

  private static func device(_ spec: TunnelSpec) -> [[String]] {
    [
      ["dev", spec.device], ["dev-type", "tap"],
      // The guests' segments pass as they are; what is then larger than the underlay's MTU is fragmented and
      // joined by the kernel, in IP.
      ["tun-mtu", "\(spec.mtu)"], ["mssfix", "0"],
    ]
  }

  private static func identity(_ spec: TunnelSpec, _ peerFingerprint: String) -> [[String]] {
    let role = spec.role == .initiator ? [["tls-client"]] : [["tls-server"], ["dh", "none"]]
    return role + [
      ["cert", spec.keys.certificate(of: spec.role)], ["key", spec.keys.privateKey(of: spec.role)],
      ["peer-fingerprint", peerFingerprint], ["tls-crypt", spec.keys.handshakeKey],
      ["tls-version-min", "1.3"], ["data-ciphers", "AES-256-GCM:CHACHA20-POLY1305"],
    ]
  }

  /// A peer that is silent for 5 s is connected to anew, again and again, with pauses of 1 to 5 s.
  private static var liveness: [[String]] {
    [["keepalive", "1", "5"], ["connect-retry", "1", "5"], ["tls-timeout", "1"], ["hand-window", "10"]]
  }

  /// Root is given up once keys and tap are open; they stay open over reconnections.
  private static var privileges: [[String]] {
    [["user", "nobody"], ["group", "nogroup"], ["persist-tun"], ["persist-key"]]
  }

  private static var log: [[String]] { [["verb", "1"], ["mute", "5"], ["suppress-timestamps"]] }
}
