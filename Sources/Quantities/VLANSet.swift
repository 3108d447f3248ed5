/// A set of VLAN identifiers, written `100-199, 300`.
public struct VLANSet: Hashable, Codable, Sendable {
  public var members: Set<VLANID>
  public init(_ members: some Sequence<VLANID> = []) { self.members = Set(members) }
}
