import Quantities

/// Who may do what: the table of ``ActionRule`` applied to the operator's settings and the projects.
///
/// A pure value; make a new one when either changes. A decision costs a few dictionary look-ups and one pass over
/// a project's members.
public struct Policy: Sendable {
  /// What the operator configured: roles, quotas, grid rules.
  public var settings: AccessSettings
  /// By name.
  public var projects: [Name: Project]

  /// Without arguments root is the administrator, everybody else a user without limits, and there is no project.
  public init(settings: AccessSettings = AccessSettings(), projects: [Name: Project] = [:]) {
    self.settings = settings
    self.projects = projects
  }

  /// True where `principal` may do `action` to `target`.
  public func allows(_ principal: Principal, _ action: Action, on target: Target = Target()) -> Bool {
    let rule = ActionRule(action)
    if let host = principal.agentHost {
      return rule.isAgents && (target.host == host || action == .readOwnIdentity)
    }
    guard principal.scopes.grants(rule.scope) else { return false }
    return permits(rule, principal, target)
  }

  /// By roles alone, whatever a token's scope.
  func permits(_ rule: ActionRule, _ principal: Principal, _ target: Target) -> Bool {
    let cloud = settings.role(of: principal)
    if let any = rule.any, let cloud, cloud >= any { return true }
    let role = target.project.flatMap { projects[$0] }?.role(of: principal)
    if let least = rule.inProject, let role, role >= least { return true }
    guard let own = rule.own, target.owner == principal.user
    else { return false }
    // Who has left a project keeps what they have there, but gets no more of its quota.
    if target.project != nil, rule.drawsOnProject { return role.map { $0 >= own } ?? false }
    return [cloud, role].compactMap { $0 }.contains { $0 >= own }
  }

  /// True where `principal` may know that there is such an object.
  public func canSee(_ principal: Principal, _ target: Target) -> Bool {
    allows(principal, .readInfrastructure, on: target)
  }
}
