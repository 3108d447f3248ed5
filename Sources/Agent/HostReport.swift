import Quantities

/// What an agent says after it applied a plan.
public struct HostReport: Hashable, Codable, Sendable {
  public var device: Name
  public var generation: UInt64
  /// VLANs that the device still carries; one that is missing here is confirmed as removed.
  public var vlans: Set<VLANID>
  /// Labels of the machines that run.
  public var machines: [String]
  /// How many changes the apply made; 0 says that it already looked so.
  public var changes: Int

  public init(device: Name, generation: UInt64, vlans: Set<VLANID>, machines: [String], changes: Int) {
    self.device = device
    self.generation = generation
    self.vlans = vlans
    self.machines = machines
    self.changes = changes
  }
}
