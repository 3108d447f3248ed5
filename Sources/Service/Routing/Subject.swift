import Controller
import Identity
import Quantities

/// What a route is about, as far as it matters for who may use it.
enum Subject: Sendable {
  /// The cloud as a whole, or nothing in particular.
  case cloud
  /// What belongs to the caller: their tokens, what they plan.
  case own
  /// The infrastructure that the path names.
  case infrastructure
  /// The same, or a new one of the caller's.
  case infrastructureOrNew
  /// A new infrastructure of the caller's, in the project that the query names.
  case planned
  /// The infrastructure for which a counter-offer is held.
  case offer
  case operation
  case terminal
  case project
  case token
  /// The host that the path names, as its agent's.
  case agentHost
}

extension Call {
  /// Who may use the route is decided here, before anything else is done.
  ///
  /// - Throws: `unauthenticated`, `not-permitted`, or what says that there is no such thing: also where there is one,
  ///   but the caller may not know of it.
  func authorise() throws {
    guard case .who(let action, let subject) = route.access else { return }
    guard let principal else { throw Self.unauthenticated }
    let policy = service.access.policy
    let (target, missing) = try target(subject, principal)
    guard let missing else { return try policy.demand(principal, action, on: target ?? Target()) }
    _ = try policy.demand(principal, action, on: target, missing: missing)
  }

  static let unauthenticated = Problem(
    .notPermitted, "unauthenticated", "The request does not say who asks.",
    remedy: "Send a bearer token, use a client certificate, or ask at the Unix socket.")

  /// The target, and what to say where there is none: nil where there is nothing to hide.
  private func target(_ subject: Subject, _ principal: Principal) throws -> (Target?, Problem?) {
    switch subject {
    case .cloud: return (Target(), nil)
    case .own: return (Target(owner: principal.user), nil)
    case .infrastructure: return (infrastructureTarget(captured), Self.missing("infrastructure", captured))
    case .infrastructureOrNew:
      if let present = infrastructureTarget(captured) {
        // A name that is taken cannot be hidden from who wants it: it is told as little as can be.
        let taken = Problem(
          .refused, "name-taken", "The name '\(captured.excerpt)' is taken.", remedy: "Choose another name.")
        return (present, taken)
      }
      return (Target("infrastructure '\(captured.excerpt)'", owner: principal.user, project: try project()), nil)
    case .planned: return (Target(owner: principal.user, project: try project()), nil)
    case .offer: return (offerTarget, Self.missing("offer", captured))
    case .operation: return (operationTarget, Self.missing("operation", captured))
    case .terminal: return (terminalTarget, Self.missing("terminal", captured))
    case .project: return (projectTarget, nil)
    case .token: return (tokenTarget, Self.missing("token", captured))
    case .agentHost: return (Target("host '\(captured.excerpt)'", host: Name(captured)), nil)
    }
  }

  static func missing(_ kind: String, _ name: String) -> Problem {
    Problem(
      .notFound, "no-such-\(kind)", "There is no \(kind) '\(name.excerpt)' that you may see.",
      remedy: "Look at the list of \(kind)s.")
  }

  private var projectTarget: Target { Target("project '\(captured.excerpt)'", project: Name(captured)) }

  private func infrastructureTarget(_ text: String) -> Target? {
    Name(text).flatMap { view.record($0) }.map { Target($0) }
  }

  private var offerTarget: Target? {
    guard let number = Int(captured), let held = view.offers.first(where: { $0.number == number }) else { return nil }
    return Target(held)
  }

  private var operationTarget: Target? { service.cloud.operation(captured).map { Target($0.caller, captured) } }

  private var terminalTarget: Target? {
    service.terminals.session(captured).map { Target("terminal '\($0.id)'", owner: $0.owner) }
  }

  private var tokenTarget: Target? {
    service.access.book.tokens[captured].map { Target("token '\($0.id)'", owner: $0.owner) }
  }
}

extension Target {
  init(_ record: InfrastructureRecord) {
    self.init(record.standing.caller, "infrastructure '\(record.name)'")
  }

  init(_ held: HeldOffer) { self.init(held.caller, "offer \(held.number)") }

  /// What somebody ordered. A name that no user can have belongs to nobody who could come.
  init(_ caller: Caller, _ object: String) {
    let owner = UserName(caller.user) ?? UserName(caller.user.map { $0 == ":" ? "-" : "\($0)" }.joined())
    self.init(object, owner: owner ?? Self.nobody, project: caller.project)
  }

  /// Belongs to a user who never comes: only those see it who see everything.
  static let nobody = UserName("_unknown")
}
