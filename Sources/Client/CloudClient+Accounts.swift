import API
import Infrastructure
import Quantities

/// What operators and owners of projects and tokens do.
extension CloudClient {
  /// What users or projects took, and what it costs.
  ///
  /// - Parameter subject: `user` or `project`.
  public func usage(by subject: String, from: Timestamp?, until: Timestamp?) throws -> [UsageDocument] {
    let query: KeyValuePairs = ["by": subject, "from": from?.description, "until": until?.description]
    return try items(RequestPath("usage", query: query), of: UsageDocument.self)
  }

  /// Who did what; the newest first.
  ///
  /// - Parameter outcome: `done`, `failed` for any problem, or a problem's code.
  public func audit(
    after: String?, limit: Int, user: String?, action: String? = nil, outcome: String? = nil
  ) throws -> [AuditDocument] {
    let query: KeyValuePairs = [
      "after": after, "limit": "\(limit)", "user": user, "action": action, "outcome": outcome,
    ]
    return try get(RequestPath("audit", query: query), as: Page<AuditDocument>.self).items
  }

  /// All projects that the caller may see.
  public func projects() throws -> [ProjectDocument] { try items(RequestPath("projects"), of: ProjectDocument.self) }

  /// One project.
  public func project(_ name: String) throws -> ProjectDocument {
    try get(RequestPath("projects", name), as: ProjectDocument.self)
  }

  /// Makes a project, or changes it into this.
  public func put(_ project: ProjectDocument, as name: String) throws {
    try send("PUT", RequestPath("projects", name), body: .json(project), isRepeatable: true)
  }

  /// Takes a project away.
  public func removeProject(_ name: String) throws { try send("DELETE", RequestPath("projects", name)) }

  /// The caller's bearer tokens, without their secrets.
  public func tokens() throws -> [TokenDocument] { try items(RequestPath("tokens"), of: TokenDocument.self) }

  /// Issues a token; its secret is in this answer only.
  public func createToken(_ request: TokenRequest) throws -> TokenDocument {
    try send("POST", RequestPath("tokens"), body: .json(request), as: TokenDocument.self)
  }

  /// Makes a token worthless.
  public func revokeToken(_ id: String) throws { try send("DELETE", RequestPath("tokens", id)) }

  /// Issues a one-time token for a host's agent.
  public func enrol(_ order: EnrolmentOrder) throws -> EnrolmentGrant {
    try send("POST", RequestPath("enrolments"), body: .json(order), as: EnrolmentGrant.self)
  }
}
