import Infrastructure
import Quantities

/// How a network's frames get from host to host.
enum Carriage: Hashable {
  /// All its endpoints share a host.
  case local
  /// A VLAN at each site.
  case vlan
  case vxlan
  /// Encrypted, between two hosts; what is encrypted goes by VLAN or by VXLAN.
  case tunnel(overVXLAN: Bool)

  init(_ network: Network, over core: CoreKind, isLocal: Bool) {
    if isLocal {
      self = .local
    } else if network.kind == .wire, network.type == .tunnelling {
      self = .tunnel(overVXLAN: !core.carriesVLANs)
    } else {
      self = network.needsVLAN(over: core) ? .vlan : .vxlan
    }
  }

  /// Between hosts it takes a VLAN at each site; else, where it leaves its host, a VXLAN identifier.
  var takesVLAN: Bool { self == .vlan || self == .tunnel(overVXLAN: false) }

  /// Says what a core cannot do; the embedder does not know of it.
  static func check(_ network: Network, over core: CoreKind, isLocal: Bool) throws(Problem) {
    guard !isLocal, network.kind == .wire, network.type == .native, !core.carriesVLANs else { return }
    throw Problem(
      .refused, "wire-type-unavailable",
      "Wire \(network.name) is native and its ends are on different hosts, but a '\(core.rawValue)' core carries no VLANs.",
      remedy: "Write 'type: auto' or 'encapsulating', or put both ends on one host.")
  }
}
