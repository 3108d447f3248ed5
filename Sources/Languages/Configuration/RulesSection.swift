import Quantities

/// `access`: who has which role, and whose a certificate is.
enum RulesSection {
  /// Throws `bad-role`, or what is wrong with a value.
  static func access(_ fields: Fields) throws(Problem) -> ServiceConfiguration.AccessRules? {
    guard let fields = try fields.fields("access", .accessRules) else { return nil }
    var rules = ServiceConfiguration.AccessRules()
    rules.localUsers = try fields.choice("local-users", ServiceConfiguration.Role.self) ?? rules.localUsers
    rules.anonymous = try fields.value("anonymous", anonymous) ?? rules.anonymous
    rules.users = try roles("users", fields)
    rules.groups = try roles("groups", fields)
    let elements = try fields.node("certificates")?.elements(
      of: fields.subject(of: "certificates"), example: "[{subject: \"CN=Alice,*\", user: alice}]")
    for element in elements ?? [] { rules.certificates.append(try certificate(element)) }
    return rules
  }

  /// Whoever says nothing about himself can own nothing.
  private static func anonymous(_ text: String) throws(Problem) -> ServiceConfiguration.Role {
    let roles = [ServiceConfiguration.Role.none, .viewer]
    guard let role = roles.first(where: { $0.rawValue == text }) else {
      throw Problem(
        .invalid, "unknown-word", "'\(text.excerpt)' is not one of its values.",
        remedy: Remedy.nearest(text, among: roles.map(\.rawValue)))
    }
    return role
  }

  private static func roles(
    _ key: String, _ fields: Fields
  ) throws(Problem) -> [String: ServiceConfiguration.Role] {
    var roles: [String: ServiceConfiguration.Role] = [:]
    let subject = fields.subject(of: key)
    for entry in try fields.node(key)?.entries(of: subject, example: "{alice: operator}") ?? [] {
      let name = try entry.mark.locating(subject) { () throws(Problem) in try Bounds.user(entry.key) }
      roles[name] = try entry.value.value(of: "\(subject), \(name)") { (text) throws(Problem) in
        guard let role = ServiceConfiguration.Role(rawValue: text) else {
          throw Problem(
            .invalid, "unknown-word", "'\(text.excerpt)' is not a role.",
            remedy: Remedy.nearest(text, among: ServiceConfiguration.Role.allCases.map(\.rawValue)))
        }
        return role
      }
    }
    return roles
  }

  private static func certificate(_ node: LocatedNode) throws(Problem) -> ServiceConfiguration.CertificateRule {
    let fields = try Fields(node, .certificateRule, of: "The certificate rule")
    var rule = ServiceConfiguration.CertificateRule(
      subject: try fields.required("subject", Bounds.distinguishedName),
      user: try fields.required("user", Bounds.user))
    rule.issuer = try fields.value("issuer", Bounds.distinguishedName)
    rule.groups = try fields.list("groups", "[chemistry]", Bounds.user) ?? []
    return rule
  }
}
