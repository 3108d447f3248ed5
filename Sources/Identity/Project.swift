import Quantities

/// Users who work on something together and share a quota.
public struct Project: Hashable, Codable, Sendable {
  /// Unique in the cloud.
  public var name: Name
  /// What each user, and each member of a group, may do with the project's infrastructures.
  public var members: [Member: Role]
  /// For all of the project's infrastructures together.
  public var quota: Quota

  /// Without members nobody but administrators sees it.
  public init(name: Name, members: [Member: Role] = [:], quota: Quota = Quota()) {
    self.name = name
    self.members = members
    self.quota = quota
  }

  /// The highest role that `principal` has here, by name or by a group; nil for strangers.
  public func role(of principal: Principal) -> Role? {
    members.filter { $0.key.includes(principal) }.map(\.value).max()
  }
}
