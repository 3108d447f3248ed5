import Infrastructure
import Quantities

/// `projects`: their people and quotas.
enum ProjectSection {
  private static let most = 1_000_000

  static func projects(_ fields: Fields) throws(Problem) -> [ServiceConfiguration.ProjectRule] {
    var projects: [ServiceConfiguration.ProjectRule] = []
    let subject = fields.subject(of: "projects")
    let example = "{chemistry: {users: [alice], quota: {nodes: 100}}}"
    for entry in try fields.node("projects")?.entries(of: subject, example: example) ?? [] {
      let name = try entry.mark.locating(subject) { () throws(Problem) in try Name(parsing: entry.key) }
      let fields = try Fields(entry.value, .project, of: "Project '\(name)'", at: entry.mark)
      var project = ServiceConfiguration.ProjectRule(name: name)
      project.users = try fields.list("users", "[alice, bob]", Bounds.user) ?? []
      project.groups = try fields.list("groups", "[chemists]", Bounds.user) ?? []
      project.quota = try quota(fields)
      projects.append(project)
    }
    return projects
  }

  private static func quota(_ fields: Fields) throws(Problem) -> ServiceConfiguration.Quota {
    var quota = ServiceConfiguration.Quota()
    guard let fields = try fields.fields("quota", .quota) else { return quota }
    quota.infrastructures = try fields.value("infrastructures", count)
    quota.nodes = try fields.value("nodes", count)
    quota.cpu = try fields.value("cpu", Bounds.cpu)
    quota.memory = try fields.value("memory", Bounds.memory)
    quota.storage = try fields.value("storage", Bounds.storage)
    quota.rate = try fields.value("rate", Bounds.rate)
    quota.vlans = try fields.value("vlans", count)
    quota.lease = try fields.value("lease") { (text) throws(Problem) in
      try Bounds.duration(text, in: .seconds(60)...(.seconds(3650 * 86_400)))
    }
    quota.offers = try fields.value("offers", count)
    return quota
  }

  private static func count(_ text: String) throws(Problem) -> Int { try Bounds.whole(text, in: 0...most, "10") }
}
