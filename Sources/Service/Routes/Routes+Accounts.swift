import API
import Controller
import Identity
import Quantities
import WebServer

/// Projects, tokens, and what was used.
extension AllRoutes {
  static let accounts: [Route] = projects + quotas + tokens

  private static let projects: [Route] = [
    Route(
      .get, "/v1/projects", "listProjects", tag: "accounts", "The projects that one may see.",
      .who(may: .readOwnIdentity, to: .cloud), parameters: [.limit, .after],
      answers: [.json("ProjectDocumentPage", "A page of them, by name.")]
    ) { call in
      let projects = call.service.access.book.projects.values.filter {
        call.sees(Target(owner: Target.nobody, project: $0.name), .readProject)
      }.sorted { $0.name < $1.name }
      return .now(try Response(call.page(projects.map { ProjectDocument($0) }) { $0.name?.description ?? "" }))
    },
    Route(
      .get, "/v1/projects/{name}", "readProject", tag: "accounts", "A project with its members and quota.",
      .who(may: .readProject, to: .project), answers: [.json("ProjectDocument", "It.")]
    ) { call in
      guard let name = Name(call.captured), let project = call.service.access.book.projects[name] else {
        throw Call.missing("project", call.captured)
      }
      return .now(try Response(ProjectDocument(project)))
    },
    Route(
      .put, "/v1/projects/{name}", "putProject", tag: "accounts", "Make a project, or change its members and quota.",
      .who(may: .manageProjects, to: .project), body: .json("ProjectDocument"),
      answers: [.json("ProjectDocument", "It is as it says now.")], problems: [409]
    ) { call in
      let document = try call.document(ProjectDocument.self)
      let name = try Name(parsing: call.captured)
      guard document.name ?? name == name else {
        throw Problem(
          .invalid, "other-name", "The body describes another project than the address.", remedy: "Use one name.")
      }
      let old = call.service.access.book.projects[name]
      try call.checkQuota(old, document)
      let project = Project(name: name, members: document.members, quota: document.quota)
      return call.work {
        try call.service.access.change { $0.projects[name] = project }
        return try Response(ProjectDocument(project))
      }
    },
    Route(
      .delete, "/v1/projects/{name}", "deleteProject", tag: "accounts",
      "Forget a project; what runs of it goes on and is its owners'.", .who(may: .manageAccess, to: .cloud),
      answers: [.empty(204, "It is forgotten.")], problems: [409]
    ) { call in
      guard let name = Name(call.captured), call.service.access.book.projects[name] != nil else {
        throw Call.missing("project", call.captured)
      }
      if let record = call.view.records.first(where: { $0.standing.caller.project == name }) {
        throw Problem(
          .refused, "project-in-use", "Infrastructure \(record.name) is of project \(name).",
          remedy: "End its infrastructures first.")
      }
      return call.work {
        try call.service.access.change { $0.projects[name] = nil }
        return .noContent
      }
    },
  ]

  private static let quotas: [Route] = [
    Route(
      .get, "/v1/quotas", "listQuotas", tag: "accounts",
      "One's own quota and those of the projects that one may see, with what is taken of them.",
      .who(may: .readOwnIdentity, to: .cloud), parameters: [.limit, .after],
      answers: [.json("QuotaDocumentPage", "A page of them: one's own first, then by project.")]
    ) { call in
      guard let principal = call.principal else { throw Call.unauthenticated }
      let own = Limit(.user(try call.caller().user), call.service.access.policy.settings.quota(of: principal))
      let projects = call.service.access.book.projects.values.filter {
        call.sees(Target(owner: Target.nobody, project: $0.name), .readProject)
      }.sorted { $0.name < $1.name }
      let limits = [own] + projects.map { Limit(.project($0.name), $0.quota) }
      return call.work {
        let used = call.view.usage(of: Set(limits.map(\.holder)))
        let documents = limits.map { QuotaDocument($0.holder, $0.quota, used[$0.holder] ?? Usage()) }
        return try Response(call.page(byPosition: documents))
      }
    }
  ]

  private static let tokens: [Route] = [
    Route(
      .get, "/v1/tokens", "listTokens", tag: "accounts", "One's own bearer tokens; an administrator's: everybody's.",
      .who(may: .readOwnIdentity, to: .cloud), parameters: [.limit, .after],
      answers: [.json("TokenDocumentPage", "A page of them, oldest first.")]
    ) { call in
      guard let principal = call.principal else { throw Call.unauthenticated }
      let all = call.service.access.policy.allows(principal, .manageAllTokens)
      let records = call.service.access.book.tokens.records(of: all ? nil : principal.user)
      let live = records.filter { $0.isValid(at: call.now) }
      return .now(try Response(call.page(byPosition: live.map { TokenDocument($0) })))
    },
    Route(
      .post, "/v1/tokens", "issueToken", tag: "accounts", "Issue a bearer token to oneself; its secret is shown once.",
      .who(may: .manageTokens, to: .own), body: .json("TokenRequest"),
      answers: [.json("TokenDocument", "The token, with its secret.", status: 201)]
    ) { call in
      guard let principal = call.principal else { throw Call.unauthenticated }
      let wanted = try call.document(TokenRequest.self)
      let lifetime = try wanted.lifetime.map { (text) throws(Problem) in try Duration(parsing: text) }
      return call.work {
        let issued = try call.service.access.change { book throws in
          try book.tokens.issue(
            to: principal, scopes: [wanted.scope ?? .write], description: wanted.label ?? "",
            lifetime: lifetime ?? .seconds(30 * 86400), at: call.now)
        }
        return try Response(
          TokenDocument(issued.record, secret: issued.text), status: 201, headers: [("Cache-Control", "no-store")])
      }
    },
    Route(
      .delete, "/v1/tokens/{id}", "revokeToken", tag: "accounts", "Revoke a token.",
      .who(may: .manageTokens, to: .token), answers: [.empty(204, "It opens nothing any more.")]
    ) { call in
      call.work {
        try call.service.access.change { _ = try $0.tokens.revoke(call.captured, at: call.now) }
        return .noContent
      }
    },
    Route(
      .post, "/v1/enrolments", "enrolHost", tag: "agents", "Issue a one-time token by which a host's agent comes in.",
      .who(may: .enrolAgent, to: .cloud), body: .json("EnrolmentOrder"),
      answers: [.json("EnrolmentGrant", "The token: it is shown once.", status: 201)]
    ) { call in
      guard let principal = call.principal else { throw Call.unauthenticated }
      guard let authority = call.service.settings.hostAuthority else { throw Call.noAuthority }
      let fingerprint = try CertificateDetails(authority.certificate).fingerprint
      let order = try call.document(EnrolmentOrder.self)
      let lifetime = try order.lifetime.map { (text) throws(Problem) in try Duration(parsing: text) }
      return call.work {
        let issued = try call.service.access.change { book throws in
          try book.enrolments.issue(
            for: order.host, by: principal.user, lifetime: lifetime ?? .seconds(3600), at: call.now)
        }
        let grant = EnrolmentGrant(
          host: order.host, token: issued.text, expires: issued.record.expires,
          fingerprint: fingerprint)
        return try Response(grant, status: 201, headers: [("Cache-Control", "no-store")])
      }
    },
  ]
}

extension Call {
  /// Hosts come in over TLS only.
  fileprivate static var noAuthority: Problem {
    Problem(
      .refused, "no-authority", "This controller certifies no hosts: it serves this machine alone.",
      remedy: "Run 'virtcloud serve --config FILE' with 'listen:' on a controller.")
  }

  /// A project's administrators choose its members; what it may take is for the cloud's to say.
  fileprivate func checkQuota(_ old: Project?, _ new: ProjectDocument) throws {
    guard let principal, old == nil || old?.quota != new.quota else { return }
    try service.access.policy.demand(principal, .manageAccess)
  }
}

extension TokenDocument {
  init(_ record: TokenRecord, secret: String? = nil) {
    self.init(
      id: record.id, owner: record.owner.description, label: record.description, scopes: record.scopes.sorted(),
      created: record.created, expires: record.expires, lastUsed: record.lastUsed, secret: secret)
  }
}
