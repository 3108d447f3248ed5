import Infrastructure
import Quantities

/// How a network's frames get from host to host.
enum Carriage: Hashable {
  /// All its endpoints share a host.
  case local
  /// A VLAN at each site.
  case vlan
  case vxlan
  /// Encrypted, between two hosts, and by VXLAN.
  case tunnel

  init(_ network: Network, over core: CoreKind, isLocal: Bool) {
    if isLocal {
      self = .local
    } else if network.kind == .wire, network.type == .tunnelling {
      self = .tunnel
    } else {
      self = network.needsVLAN(over: core) ? .vlan : .vxlan
    }
  }

  /// Says what a core cannot do; the embedder does not know of it.
  static func check(_ network: Network, over core: CoreKind, isLocal: Bool) throws(Problem) {
    guard !isLocal, network.kind == .wire, network.type == .native, !core.carriesVLANs else { return }
    throw Problem(
      .refused, "wire-type-unavailable",
      "Wire \(network.name) is native and its ends are on different hosts, but a '\(core.rawValue)' core carries no VLANs.",
      remedy: "Write 'type: auto' or 'encapsulating', or put both ends on one host.")
  }
}
