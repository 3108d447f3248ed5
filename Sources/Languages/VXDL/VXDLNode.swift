/// `vNode`: a machine. Of each capacity there is one at the start, and one for each event that changes it.
public struct VXDLNode: Hashable, Sendable {
  public var traits: VXDLTraits
  public var devices: [String] = []
  public var image: String?
  public var region: String?
  public var memory: [VXDLCapacity] = []
  public var storage: [VXDLCapacity] = []
  public var cpu: VXDLProcessor?
  /// Of the bare dialect; the published schema has none.
  public var interfaces: [VXDLInterface] = []

  public init(_ traits: VXDLTraits) { self.traits = traits }
}

/// `cpu` of a machine.
public struct VXDLProcessor: Hashable, Sendable {
  public var architecture: String?
  public var cores: [VXDLCapacity]
  public var frequency: [VXDLCapacity]

  public init(architecture: String? = nil, cores: [VXDLCapacity] = [], frequency: [VXDLCapacity] = []) {
    self.architecture = architecture
    self.cores = cores
    self.frequency = frequency
  }
}

/// `interface` of the bare dialect.
public struct VXDLInterface: Hashable, Sendable {
  public var alias, type, macAddress: String?

  public init(alias: String? = nil, type: String? = nil, macAddress: String? = nil) {
    self.alias = alias
    self.type = type
    self.macAddress = macAddress
  }
}
