import Quantities

/// From a moment of the lease on, some nodes and networks ask for something else.
public struct TimelineEvent: Hashable, Codable, Sendable {
  public struct NodeChange: Hashable, Codable, Sendable {
    /// Nil stays as it was.
    public var cpu: Cores?
    public var memory: ByteCount?
    public var storage: ByteCount?
    public init(cpu: Cores? = nil, memory: ByteCount? = nil, storage: ByteCount? = nil) {
      self.cpu = cpu
      self.memory = memory
      self.storage = storage
    }
  }

  public struct NetworkChange: Hashable, Codable, Sendable {
    /// Nil stays as it was.
    public var rate: RateRange?
    public var reverseRate: RateRange?
    public init(rate: RateRange? = nil, reverseRate: RateRange? = nil) {
      self.rate = rate
      self.reverseRate = reverseRate
    }
  }

  /// From the start of the lease; above zero.
  public var after: Duration
  public var nodes: [Name: NodeChange]
  public var networks: [Name: NetworkChange]

  public init(after: Duration, nodes: [Name: NodeChange] = [:], networks: [Name: NetworkChange] = [:]) {
    self.after = after
    self.nodes = nodes
    self.networks = networks
  }
}
