import Infrastructure
import Quantities

extension VXDLDocument {
  /// The infrastructure written down in VXDL; what VXDL cannot say is left out.
  ///
  /// Throws what `describing(_:)` throws.
  public init(_ infrastructure: VirtualInfrastructure) throws(Problem) {
    self = try Self.describing(infrastructure).document
  }

  /// The infrastructure written down in VXDL, and what VXDL has no element for, a sentence each.
  ///
  /// Labels `vxdl/…`, as `infrastructure()` leaves them, are used again; other labels of nodes and networks
  /// become tags. A wire becomes a `vLink`, and so does a segment with two members. VXDL has no multipoint
  /// link: a router or a full mesh in its place would be another network, so a larger segment is refused.
  ///
  /// Throws `no-multipoint`, `duplicate-id`, and for labels that have been changed by hand what the reader throws.
  public static func describing(
    _ infrastructure: VirtualInfrastructure
  ) throws(Problem) -> (document: VXDLDocument, remarks: [String]) {
    var describer = VXDLDescriber(infrastructure)
    return try describer.describe()
  }

  /// The same description in the published form, which has no interfaces: they become tags.
  public func published() -> VXDLDocument {
    var document = self
    document.dialect = .published
    document.resources = resources.map { $0.published }
    return document
  }
}

extension VXDLResource {
  fileprivate var published: VXDLResource {
    switch self {
    case .node(var node):
      node.traits.tags += Self.tags(node.interfaces)
      node.interfaces = []
      return .node(node)
    case .router(var router):
      router.traits.tags += Self.tags(router.interfaces)
      router.interfaces = []
      return .router(router)
    case .link(var link):
      for (key, end) in [("source-interface", link.source), ("destination-interface", link.destination)] {
        if let interface = end.interface { link.traits.tags.append(VXDLTag(key: key, value: interface)) }
      }
      link.source = VXDLEnd(link.source.id)
      link.destination = VXDLEnd(link.destination.id)
      return .link(link)
    case .array(var array):
      array.members = array.members.map { member in if case .array = member { member } else { member.published } }
      return .array(array)
    case .storage, .accessPoint: return self
    }
  }

  private static func tags(_ interfaces: [VXDLInterface]) -> [VXDLTag] {
    interfaces.enumerated().flatMap { index, interface in
      [("alias", interface.alias), ("type", interface.type), ("macaddress", interface.macAddress)].compactMap {
        name, value in value.map { VXDLTag(key: "interface/\(index + 1)/\(name)", value: $0) }
      }
    }
  }
}
