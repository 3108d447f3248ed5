import Identity
import Quantities

extension ServiceDocument {
  /// - Parameter leader: Where the leading controller is found, where it is known.
  public init(version: String, isLeader: Bool, leader: String?, time: Timestamp, substrate: Name) {
    self.init(
      name: "virtcloud", version: version, api: "v1", isLeader: isLeader, leader: leader, time: time,
      substrate: substrate)
  }
}

extension IdentityDocument {
  /// Who asks, with the roles that `policy` gives them.
  public init(_ principal: Principal, _ policy: Policy) {
    let projects = policy.projects.compactMap { name, project in
      project.role(of: principal).map { (name.description, $0.rawValue) }
    }
    var token: String?
    if case .token(let id) = principal.origin { token = id }
    self.init(
      user: principal.user.description, groups: principal.groups.map(\.description).sorted(),
      role: policy.settings.role(of: principal)?.rawValue ?? "none",
      projects: Dictionary(projects, uniquingKeysWith: { first, _ in first }), origin: principal.origin.kind,
      scopes: principal.scopes.sorted(), token: token)
  }
}
