import Infrastructure
import Quantities

/// How a network gets from host to host, in one word for tables.
public enum CarriedBy: String, Codable, Hashable, Sendable {
  /// Both ends on one host: programs hand frames from port to port.
  case direct
  /// On one host, by a bridge.
  case bridge
  case vlan
  case vxlan
  case tunnel

  /// What an admission's network is carried by.
  public init(_ network: Network, of admission: Admission, fastPath: Bool) {
    let isLocal = admission.embedding.trees[network.name]?.sites.isEmpty ?? true
    switch Carriage(network, over: admission.core, isLocal: isLocal) {
    case .local: self = network.kind == .wire && fastPath ? .direct : .bridge
    case .vlan: self = .vlan
    case .vxlan: self = .vxlan
    case .tunnel: self = .tunnel
    }
  }
}
