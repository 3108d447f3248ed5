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
