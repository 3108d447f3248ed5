/// One kind of operation on the cloud; every route and every command is one of these.
public enum Action: String, CaseIterable, Hashable, Codable, Sendable {
  /// See which infrastructures there are: those that one may read.
  case listInfrastructures
  case readInfrastructure
  /// Ask whether one could be reserved; holding a counter-offer too.
  case planInfrastructure
  case buildInfrastructure
  case changeInfrastructure
  case endInfrastructure
  case extendLease
  case openTerminal
  /// Look into an infrastructure's traffic.
  case captureTraffic

  case readSubstrate
  case changeSubstrate
  case readCalendar
  /// Which VLAN is whose, also of others.
  case readVLANs
  case readHosts
  /// Drain, cordon and free a host.
  case drainHost

  /// Let a new host in: issue an enrolment token.
  case enrolAgent
  /// Shut a host out: revoke its certificate.
  case expelAgent
  case fetchPlans
  case reportPlans
  /// Replace the certificate of an agent's host.
  case renewHostCertificate

  case readEvents
  case readAudit
  case readUsage
  case readMetrics

  case readOwnIdentity
  /// One's own tokens.
  case manageTokens
  case manageAllTokens
  case readProject
  case manageProjects
  /// Cloud-wide roles, quotas, and who is let in.
  case manageAccess

  /// Find and remove what nothing owns.
  case collectGarbage
  /// Back up, restore, migrate.
  case manageStore
  case stopService
}

extension Action {
  /// What it does, as in `may not …`, before the object's name.
  var phrase: String {
    switch self {
    case .listInfrastructures: "list infrastructures"
    case .readInfrastructure, .readSubstrate, .readCalendar, .readProject: "see"
    case .planInfrastructure: "plan"
    case .buildInfrastructure: "build"
    case .changeInfrastructure, .changeSubstrate: "change"
    case .endInfrastructure: "end"
    case .extendLease: "extend the lease of"
    case .openTerminal: "open a terminal in"
    case .captureTraffic: "capture traffic of"
    case .readVLANs: "see who has which VLAN"
    case .readHosts: "see the hosts"
    case .drainHost: "drain"
    case .enrolAgent: "enrol an agent"
    case .expelAgent: "expel the agent of"
    case .fetchPlans: "fetch the plans of"
    case .reportPlans: "report for"
    case .renewHostCertificate: "renew the certificate of"
    case .readEvents: "see the events of"
    case .readAudit: "read the audit log"
    case .readUsage: "see the usage of"
    case .readMetrics: "read metrics"
    case .readOwnIdentity: "see who they are"
    case .manageTokens, .manageAllTokens: "manage tokens of"
    case .manageProjects: "manage"
    case .manageAccess: "change who may do what"
    case .collectGarbage: "collect garbage"
    case .manageStore: "back up, restore or migrate the store"
    case .stopService: "stop the service"
    }
  }
}
