/// `vRouter`.
public struct VXDLRouter: Hashable, Sendable {
  public var traits: VXDLTraits
  public var region: String?
  public var memory: [VXDLCapacity] = []
  public var controlPlane: VXDLControlPlane?
  /// Of the bare dialect; the published schema has none.
  public var interfaces: [VXDLInterface] = []

  public init(_ traits: VXDLTraits) { self.traits = traits }
}

/// `controlPlane` of a router.
public struct VXDLControlPlane: Hashable, Sendable {
  /// `routingTable`.
  public struct Table: Hashable, Sendable {
    /// `rtSize`.
    public var size: Int
    public var routes: [Route]

    public init(size: Int, routes: [Route] = []) {
      self.size = size
      self.routes = routes
    }
  }

  /// `route` of a routing table.
  public struct Route: Hashable, Sendable {
    public var source, destination: String
    /// Ids of links.
    public var linkIn, linkOut: String?

    public init(from source: String, to destination: String, linkIn: String? = nil, linkOut: String? = nil) {
      self.source = source
      self.destination = destination
      self.linkIn = linkIn
      self.linkOut = linkOut
    }
  }

  public var layer, type, routingProtocol: String?
  public var routingTable: Table?

  public init() {}
}
