/// What a router runs beside the kernel's own forwarding and its static routes: software and settings that its
/// user chose.
public struct RouterSoftware: Hashable, Codable, Sendable {
  /// Where its routes come from beside those that the file gives.
  public enum Routing: Hashable, Codable, Sendable {
    /// Only from the file.
    case `static`
    /// The BIRD Internet Routing Daemon with the text of its `bird.conf`.
    case bird(configuration: String)
    /// FRRouting with the text of one integrated `frr.conf` (vtysh(1), option `-b`) and the daemons to run beside
    /// zebra and staticd, which always run; in rising order, each once.
    case frr(configuration: String, daemons: [FRRDaemon])
  }

  public var routing: Routing
  /// The whole ruleset (nft(8), option `-f`); nil is none.
  public var nftables: String?
  /// Queueing disciplines of single interfaces, by interface: kind and arguments, as words of
  /// `tc qdisc replace dev INTERFACE root` (tc(8)).
  public var qdiscs: [String: [String]]

  public init(routing: Routing = .static, nftables: String? = nil, qdiscs: [String: [String]] = [:]) {
    self.routing = routing
    self.nftables = nftables
    self.qdiscs = qdiscs
  }

  /// Octets of all texts that its user wrote.
  public var textBytes: Int {
    let configuration =
      switch routing {
      case .static: 0
      case .bird(let text), .frr(let text, _): text.utf8.count
      }
    return configuration + (nftables?.utf8.count ?? 0)
  }
}

/// The daemons of FRRouting that speak a protocol; zebra and staticd always run.
public enum FRRDaemon: String, Hashable, Codable, Sendable, CaseIterable, Comparable {
  case babeld, bfdd, bgpd, eigrpd, fabricd, isisd, ldpd, nhrpd, ospf6d, ospfd, pathd, pbrd, pimd, ripd, ripngd, vrrpd

  public static func < (a: FRRDaemon, b: FRRDaemon) -> Bool { a.rawValue < b.rawValue }
}
