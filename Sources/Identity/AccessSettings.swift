import Quantities

/// Who is let in and with what rights, as the operator's configuration has it.
public struct AccessSettings: Hashable, Sendable {
  /// Roles in the whole cloud; of several that fit, the highest counts.
  public var roles: [Member: Role]
  /// Groups of users by name; added to those that a socket or certificate brings.
  public var groups: [Name: Set<UserName>]
  /// Local accounts that are administrators whatever `roles` says.
  public var localAdministrators: Set<UInt32>
  /// The role of local users without one in `roles`; nil: they are not let in.
  public var localRole: Role?
  /// The role of everybody else without one in `roles`; nil: they are not let in.
  public var remoteRole: Role?
  /// From certificates to users; the first rule that fits decides, and whom none fits is not let in.
  public var gridMap: [GridRule]
  /// Quotas of users; that of a group is for each of its members.
  public var quotas: [Member: Quota]
  /// For everybody without one in `quotas`.
  public var quota: Quota

  /// Without arguments root is the administrator and everybody else a user without limits.
  public init(
    roles: [Member: Role] = [:], groups: [Name: Set<UserName>] = [:], localAdministrators: Set<UInt32> = [0],
    localRole: Role? = .user, remoteRole: Role? = .user, gridMap: [GridRule] = [], quotas: [Member: Quota] = [:],
    quota: Quota = Quota()
  ) {
    self.roles = roles
    self.groups = groups
    self.localAdministrators = localAdministrators
    self.localRole = localRole
    self.remoteRole = remoteRole
    self.gridMap = gridMap
    self.quotas = quotas
    self.quota = quota
  }

  /// The principal's role in the whole cloud; nil where they have none. Agents have none.
  public func role(of principal: Principal) -> Role? {
    if principal.agentHost != nil { return nil }
    if let uid = principal.uid, localAdministrators.contains(uid) { return .administrator }
    let assigned = memberships(of: principal).compactMap { roles[$0] }.max()
    return assigned ?? (principal.uid == nil ? remoteRole : localRole)
  }

  /// The principal's own quota: the user's, or the most generous of their groups', or everybody's.
  public func quota(of principal: Principal) -> Quota {
    if let own = quotas[.user(principal.user)] { return own }
    let shared = principal.groups.compactMap { quotas[.group($0)] }
    guard let first = shared.first else { return quota }
    return shared.dropFirst().reduce(first) { $0.mostGenerous(with: $1) }
  }

  private func memberships(of principal: Principal) -> [Member] {
    [.user(principal.user)] + principal.groups.map(Member.group)
  }

  /// The configured groups of a user.
  func configuredGroups(of user: UserName) -> Set<Name> {
    Set(groups.filter { $0.value.contains(user) }.keys)
  }
}

extension AccessSettings: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case roles, groups, localAdministrators, localRole, remoteRole, gridMap, quotas, quota
  }

  /// What is left out is as in `init()`; `none` stands for no role. Throws a `DecodingError`, also for a key that
  /// is not known.
  public init(from decoder: any Decoder) throws {
    try decoder.refuseKeys(beyond: CodingKeys.self)
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    let plain = AccessSettings()
    func role(_ key: CodingKeys, _ other: Role?) throws -> Role? {
      guard let text = try fields.decodeIfPresent(String.self, forKey: key) else { return other }
      if text == "none" { return nil }
      return try fields.decode(Role.self, forKey: key)
    }
    self.init(
      roles: try fields.decodeIfPresent([Member: Role].self, forKey: .roles) ?? plain.roles,
      groups: try fields.decodeIfPresent([Name: Set<UserName>].self, forKey: .groups) ?? plain.groups,
      localAdministrators: try fields.decodeIfPresent(Set<UInt32>.self, forKey: .localAdministrators)
        ?? plain.localAdministrators,
      localRole: try role(.localRole, plain.localRole), remoteRole: try role(.remoteRole, plain.remoteRole),
      gridMap: try fields.decodeIfPresent([GridRule].self, forKey: .gridMap) ?? plain.gridMap,
      quotas: try fields.decodeIfPresent([Member: Quota].self, forKey: .quotas) ?? plain.quotas,
      quota: try fields.decodeIfPresent(Quota.self, forKey: .quota) ?? plain.quota)
  }

  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(roles, forKey: .roles)
    try fields.encode(groups, forKey: .groups)
    try fields.encode(localAdministrators.sorted(), forKey: .localAdministrators)
    try fields.encode(localRole?.rawValue ?? "none", forKey: .localRole)
    try fields.encode(remoteRole?.rawValue ?? "none", forKey: .remoteRole)
    try fields.encode(gridMap, forKey: .gridMap)
    try fields.encode(quotas, forKey: .quotas)
    try fields.encode(quota, forKey: .quota)
  }
}
