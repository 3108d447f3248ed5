/// One of the resources that a description asks for, or several alike.
public enum VXDLResource: Hashable, Sendable {
  case node(VXDLNode)
  case router(VXDLRouter)
  case storage(VXDLStorage)
  case accessPoint(VXDLAccessPoint)
  case link(VXDLLink)
  /// Its members are no arrays.
  case array(VXDLArray)
}

/// What every resource but an array has.
public struct VXDLTraits: Hashable, Sendable {
  public var common: VXDLCommon
  public var model: String?
  /// Nothing else may share what it is placed on.
  public var exclusivity: Bool?
  public var tags: [VXDLTag]

  public init(_ common: VXDLCommon, model: String? = nil, exclusivity: Bool? = nil, tags: [VXDLTag] = []) {
    self.common = common
    self.model = model
    self.exclusivity = exclusivity
    self.tags = tags
  }
}

/// A note on a resource, VXDL's point of extension.
public struct VXDLTag: Hashable, Sendable {
  public var key: String?
  public var value: String?

  public init(key: String? = nil, value: String? = nil) {
    self.key = key
    self.value = value
  }
}

/// `vStorage`: a disk that links reach.
public struct VXDLStorage: Hashable, Sendable {
  public var traits: VXDLTraits
  public var type: String?
  public var image: String?
  public var region: String?
  public var size: [VXDLCapacity] = []

  public init(_ traits: VXDLTraits) { self.traits = traits }
}

/// `vArray`: its members, so many times.
public struct VXDLArray: Hashable, Sendable {
  public var id: String
  public var location: String?
  /// `1 ... 10000`.
  public var cardinality: Int
  public var members: [VXDLResource]

  public init(id: String, location: String? = nil, cardinality: Int, members: [VXDLResource]) {
    self.id = id
    self.location = location
    self.cardinality = cardinality
    self.members = members
  }
}
