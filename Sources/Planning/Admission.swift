import Embedding
import Infrastructure
import Quantities
import Reservations

/// An infrastructure that has been let in, with everything that was decided for it.
///
/// Complete: with the substrate it determines every host plan. This is what the store keeps.
public struct Admission: Codable, Hashable, Sendable {
  public var infrastructure: VirtualInfrastructure
  public var embedding: Embedding
  /// Unique in the substrate, `1 ... 32767`; a later infrastructure of the same name has another.
  public var number: UInt32
  /// Of each network, unique in the substrate.
  public var networkNumbers: [Name: UInt32]
  /// Of each network that leaves its host: its VLAN at each site that it crosses.
  public var vlans: [Name: [Name: VLANID]]
  public var portNumbers: PortNumbers
  /// Over a mesh core, of each segment: the identifier of each pair of its hosts, by `HostPair.key`.
  public var meshNumbers: [Name: [String: UInt32]] = [:]
  /// How the sites were joined when it was let in.
  public var core: CoreKind

  public init(
    infrastructure: VirtualInfrastructure, embedding: Embedding, number: UInt32, networkNumbers: [Name: UInt32],
    vlans: [Name: [Name: VLANID]], portNumbers: PortNumbers, core: CoreKind = .trunk
  ) {
    self.infrastructure = infrastructure
    self.embedding = embedding
    self.number = number
    self.networkNumbers = networkNumbers
    self.vlans = vlans
    self.portNumbers = portNumbers
    self.core = core
  }

  /// Every number that it holds.
  public func holds(network number: UInt32) -> Bool {
    networkNumbers.values.contains(number) || meshNumbers.values.contains { $0.values.contains(number) }
  }

  /// Gives every pair of hosts that a mesh joins a number; those that had one keep it.
  public mutating func numberMesh(keeping before: Admission?, next: (Admission) -> UInt32) {
    guard core == .mesh else { return }
    for network in infrastructure.networks where network.kind == .segment {
      guard let hosts = embedding.trees[network.name]?.hosts, hosts.count > 1 else { continue }
      for (index, first) in hosts.enumerated() {
        for second in hosts[(index + 1)...] {
          let key = HostPair.key(first, second)
          let number = before?.meshNumbers[network.name]?[key] ?? next(self)
          meshNumbers[network.name, default: [:]][key] = number
        }
      }
    }
  }

  /// Folder name of a node's control groups. A node whose host, image or kind changes has another: it is a
  /// new machine, and the old one goes.
  public func machineKey(of node: Node) -> String {
    let host = embedding.placement[node.name]?.description ?? ""
    let identity = "\(infrastructure.name)/\(node.name)@\(host)/\(node.kind.rawValue)/\(node.image)"
    return ObjectNames.digits(ObjectNames.hash(identity), count: 13)
  }

  /// The networks that need VLANs, in the order of the file, with the sites that they cross.
  public var owners: [(owner: NetworkOwner, sites: [Name])] {
    infrastructure.networks.compactMap { network in
      guard let tree = embedding.trees[network.name], !tree.sites.isEmpty, network.needsVLAN(over: core),
        let number = networkNumbers[network.name]
      else { return nil }
      return (NetworkOwner(infrastructure: infrastructure.name, network: network.name, number: number), tree.sites)
    }
  }
}

/// Two hosts, whichever comes first.
public enum HostPair {
  /// The same for both orders.
  public static func key(_ a: Name, _ b: Name) -> String { a < b ? "\(a) \(b)" : "\(b) \(a)" }
}
