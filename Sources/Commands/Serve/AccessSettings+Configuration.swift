import Identity
import Infrastructure
import Languages
import Quantities

extension AccessSettings {
  /// Who may do what, as a service's configuration says it.
  init(_ rules: ServiceConfiguration.AccessRules) throws(Problem) {
    var roles: [Member: Role] = [:]
    for (user, role) in rules.users { roles[try Member(parsing: user)] = Role(role) }
    for (group, role) in rules.groups { roles[try Member(parsing: "group:\(group)")] = Role(role) }
    let map = try rules.certificates.map { rule throws(Problem) in
      GridRule(
        subject: try NamePattern(parsing: rule.subject),
        issuer: try rule.issuer.map { text throws(Problem) in try NamePattern(parsing: text) } ?? .any,
        user: rule.user, groups: Set(try rule.groups.map { text throws(Problem) in try Name(parsing: text) }))
    }
    self.init(roles: roles, localRole: Role(rules.localUsers), remoteRole: Role(rules.anonymous), gridMap: map)
  }
}

extension Project {
  /// A project as a service's configuration says it: its members may build.
  init(_ rule: ServiceConfiguration.ProjectRule) throws(Problem) {
    var members: [Member: Role] = [:]
    for user in rule.users { members[try Member(parsing: user)] = .user }
    for group in rule.groups { members[try Member(parsing: "group:\(group)")] = .user }
    self.init(name: rule.name, members: members, quota: Quota(rule.quota))
  }
}

extension Quota {
  fileprivate init(_ rule: ServiceConfiguration.Quota) {
    self.init()
    (infrastructures, nodes, cpu, memory) = (rule.infrastructures, rule.nodes, rule.cpu, rule.memory)
    (storage, coreRate, vlans, longestLease) = (rule.storage, rule.rate, rule.vlans, rule.lease)
    offers = rule.offers
  }
}

extension Role {
  /// Nil is nobody who is let in.
  fileprivate init?(_ role: ServiceConfiguration.Role) {
    switch role {
    case .none: return nil
    case .viewer: self = .viewer
    case .user: self = .user
    case .operator: self = .operator
    case .administrator: self = .administrator
    }
  }
}
