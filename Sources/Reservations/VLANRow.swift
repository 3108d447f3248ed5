import Quantities

/// One VLAN in use at one site: a line of `virtcloud substrate vlans`, and the pool's persisted form.
public struct VLANRow: Hashable, Codable, Sendable {
  /// Where the VLAN stands in its life: free is the absence of a row.
  public enum State: String, Hashable, Codable, Sendable, CaseIterable {
    case held
    /// Released, but some device has not yet confirmed that it removed the VLAN.
    case quarantined
  }

  public var site: Name
  public var vlan: VLANID
  public var state: State
  public var owner: NetworkOwner
  /// Devices that have to confirm, sorted; empty while held.
  public var awaiting: [String]
  /// The site's set allows this VLAN; false for a holder from before the set was changed.
  public var isAllowed: Bool

  public init(
    site: Name, vlan: VLANID, state: State, owner: NetworkOwner, awaiting: [String] = [], isAllowed: Bool = true
  ) {
    self.site = site
    self.vlan = vlan
    self.state = state
    self.owner = owner
    self.awaiting = awaiting
    self.isAllowed = isAllowed
  }
}
