import Quantities

extension Policy {
  /// Throws `not-permitted` unless `principal` may do `action` to `target`.
  ///
  /// For objects whose very existence is their owner's business use the form with `missing`.
  public func demand(_ principal: Principal, _ action: Action, on target: Target = Target()) throws(Problem) {
    guard !allows(principal, action, on: target) else { return }
    throw refusal(principal, action, target)
  }

  /// The same for an object that may be hidden, or not there at all (nil): who may not see it gets `missing`,
  /// which is exactly what somebody gets who asks for nothing that exists. Returns what was found.
  public func demand(
    _ principal: Principal, _ action: Action, on target: Target?, missing: Problem
  ) throws(Problem) -> Target {
    guard let target else { throw missing }
    if allows(principal, action, on: target) { return target }
    throw canSee(principal, target) ? refusal(principal, action, target) : missing
  }

  private func refusal(_ principal: Principal, _ action: Action, _ target: Target) -> Problem {
    let object = target.object.isEmpty ? Self.object(of: action, target) : " " + target.object
    return Problem(
      .notPermitted, "not-permitted", "\(principal.user) may not \(action.phrase)\(object).",
      remedy: remedy(principal, action, target))
  }

  /// What the phrase of an action is about where the caller did not say.
  private static func object(of action: Action, _ target: Target) -> String {
    switch action {
    case .readInfrastructure, .planInfrastructure, .buildInfrastructure, .changeInfrastructure, .endInfrastructure,
      .extendLease, .openTerminal, .captureTraffic, .readEvents, .readUsage:
      target.owner.map { " what belongs to \($0)" } ?? " an infrastructure"
    case .readSubstrate, .changeSubstrate: " the substrate"
    case .readCalendar: " the calendar"
    case .readProject, .manageProjects: target.project.map { " project '\($0)'" } ?? " projects"
    case .drainHost, .expelAgent, .fetchPlans, .reportPlans, .renewHostCertificate:
      target.host.map { " host '\($0)'" } ?? " a host"
    case .manageTokens, .manageAllTokens: target.owner.map { " \($0)" } ?? " others"
    default: ""
    }
  }

  private func remedy(_ principal: Principal, _ action: Action, _ target: Target) -> String {
    let rule = ActionRule(action)
    if let host = principal.agentHost {
      return rule.isAgents ? "The agent of host '\(host)' may do this for its own host only." : "An agent may not."
    }
    if rule.isAgents, rule.any == nil { return "Only the host's own agent may do this, with its certificate." }
    if !principal.scopes.grants(rule.scope), permits(rule, principal, target) {
      return "The token lacks the scope '\(rule.scope.rawValue)'; use one that has it."
    }
    var ways: [String] = []
    if target.owner == principal.user, let own = rule.own {
      ways.append("the role '\(own.rawValue)'" + (target.project.map { " in project '\($0)'" } ?? ""))
    } else if let project = target.project, let role = rule.inProject {
      ways.append("the role '\(role.rawValue)' in project '\(project)'")
    }
    if let any = rule.any { ways.append("the role '\(any.rawValue)' in the whole cloud") }
    return "It takes \(ways.joined(separator: " or ")): ask an administrator."
  }
}
