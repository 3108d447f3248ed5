/// Who may do an action: one line of the table by which everything is decided.
public struct ActionRule: Hashable, Sendable {
  /// The lowest role that may do it to what is one's own; nil where being the owner gives nothing. An object without
  /// an owner is nobody's own, so that a forgotten owner opens nothing.
  public var own: Role?
  /// The lowest role in the object's project that may do it to what is others'; nil where a project gives nothing.
  public var inProject: Role?
  /// The lowest cloud-wide role that may do it to anything; nil for nobody.
  public var any: Role?
  /// What a token must be good for.
  public var scope: Scope
  /// An agent may do it for its own host.
  public var isAgents: Bool
  /// It takes from the project's quota: being the owner is not enough where one has left the project.
  public var drawsOnProject: Bool

  private init(
    own: Role? = nil, inProject: Role? = nil, any: Role?, _ scope: Scope, isAgents: Bool = false,
    drawsOnProject: Bool = false
  ) {
    self.own = own
    self.inProject = inProject
    self.any = any
    self.scope = scope
    self.isAgents = isAgents
    self.drawsOnProject = drawsOnProject
  }

  /// The action's line in the table.
  public init(_ action: Action) {
    self =
      switch action {
      case .listInfrastructures, .readSubstrate, .readCalendar, .readHosts:
        ActionRule(any: .viewer, .read)
      case .readOwnIdentity:
        ActionRule(any: .viewer, .read, isAgents: true)
      case .readInfrastructure, .readEvents, .readUsage, .readProject:
        ActionRule(own: .viewer, inProject: .viewer, any: .operator, .read)
      case .planInfrastructure:
        ActionRule(own: .user, inProject: .user, any: .administrator, .plan, drawsOnProject: true)
      case .buildInfrastructure:
        ActionRule(own: .user, inProject: .operator, any: .administrator, .write, drawsOnProject: true)
      case .changeInfrastructure, .extendLease:
        ActionRule(own: .user, inProject: .operator, any: .administrator, .write, drawsOnProject: true)
      case .endInfrastructure:
        ActionRule(own: .user, inProject: .operator, any: .operator, .write)
      // Not operators: what runs inside an infrastructure is its owner's business.
      case .openTerminal, .captureTraffic:
        ActionRule(own: .user, inProject: .operator, any: .administrator, .write)
      case .readVLANs, .readAudit, .readMetrics:
        ActionRule(any: .operator, .read)
      case .drainHost, .collectGarbage:
        ActionRule(any: .operator, .admin)
      case .changeSubstrate, .enrolAgent, .expelAgent, .manageAllTokens, .manageAccess, .manageStore, .stopService:
        ActionRule(any: .administrator, .admin)
      case .fetchPlans:
        ActionRule(any: .administrator, .admin, isAgents: true)
      // Nobody speaks for a host but its agent.
      case .reportPlans, .renewHostCertificate:
        ActionRule(any: nil, .write, isAgents: true)
      // A viewer's program needs a token too. The scope is the highest: a token that could issue others would
      // outlive its revocation.
      case .manageTokens:
        ActionRule(own: .viewer, any: .administrator, .admin)
      case .manageProjects:
        ActionRule(inProject: .administrator, any: .administrator, .admin)
      }
  }
}
