import API
import Planning
import Quantities

/// What an agent makes of the plans that reach it, before anything is done.
enum PlanReach {
  /// The document with its plans in the marks of this installation.
  ///
  /// A controller names network namespaces by its own installation; on this machine they bear this one's mark, so that
  /// several agents on one machine never touch each other's.
  ///
  /// - Parameter trunk: The interface towards the site's switch, where it is not as the substrate says.
  /// - Throws: `plans-unusable` where a document is for another host, or names what no planner names.
  static func localised(_ document: PlansDocument, for host: Name, _ realm: Realm, trunk: String? = nil)
    throws(Problem) -> PlansDocument
  {
    guard document.host == host else { throw unusable("they are for host \(document.host), and this is \(host)") }
    guard var plans = document.plans else { return document }
    for index in plans.indices {
      guard plans[index].generation == document.generation else {
        throw unusable("that of \(plans[index].device) has generation \(plans[index].generation)")
      }
      if let trunk { plans[index].trunk?.interface = trunk }
      plans[index].namespace = try localised(plans[index].namespace, realm)
      plans[index].tunnelNamespace = try plans[index].tunnelNamespace.map { name throws(Problem) in
        try localised(name, realm)
      }
      for cable in plans[index].cables.indices {
        plans[index].cables[cable].farNamespace = try localised(plans[index].cables[cable].farNamespace, realm)
      }
    }
    var document = document
    document.plans = plans
    return document
  }

  /// `vcTAG-HASH` with this installation's tag.
  private static func localised(_ name: String, _ realm: Realm) throws(Problem) -> String {
    let parts = name.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].hasPrefix("vc"), !parts[1].isEmpty, name.utf8.count <= 32,
      parts[1].utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) })
    else { throw unusable("'\(name.excerpt)' names no namespace of VirtCloud") }
    return realm.namespacePrefix + parts[1]
  }

  private static func unusable(_ what: String) -> Problem {
    Problem(
      .failed, "plans-unusable", "The controller's plans are not obeyed: \(what).",
      remedy: "Run controllers and agents of the same version.")
  }
}
