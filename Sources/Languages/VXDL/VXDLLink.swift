/// `vLink`: from one resource to another.
public struct VXDLLink: Hashable, Sendable {
  public var traits: VXDLTraits
  public var source: VXDLEnd
  public var destination: VXDLEnd
  public var bandwidth: VXDLBandwidth?
  public var latency: [VXDLCapacity] = []

  public init(_ traits: VXDLTraits, from source: VXDLEnd, to destination: VXDLEnd) {
    self.traits = traits
    self.source = source
    self.destination = destination
  }
}

/// An end of a link.
public struct VXDLEnd: Hashable, Sendable {
  public var id: String
  /// The element around the id in the bare dialect, such as `vNode`; nil where the id stands alone.
  public var kind: String?
  /// Alias of the interface in the bare dialect; only where `kind` is known.
  public var interface: String?

  public init(_ id: String, kind: String? = nil, interface: String? = nil) {
    self.id = id
    self.kind = kind
    self.interface = interface
  }
}

/// `bandwidth` of a link.
public struct VXDLBandwidth: Hashable, Sendable {
  /// From source to destination.
  public var forward: [VXDLCapacity]
  public var reverse: [VXDLCapacity]

  public init(forward: [VXDLCapacity] = [], reverse: [VXDLCapacity] = []) {
    self.forward = forward
    self.reverse = reverse
  }
}
