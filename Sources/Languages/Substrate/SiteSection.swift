import Infrastructure
import Quantities

/// `sites`: places, and the VLANs that may be used there.
struct SiteSection {
  private(set) var sites: [Site] = []
  private(set) var marks: [Name: Mark] = [:]

  /// Throws `no-sites`, `bad-name` or `bad-vlans`.
  init(_ fields: Fields) throws(Problem) {
    let section = fields.node("sites")
    for entry in try section?.entries(of: "'sites'", example: "{brno: {vlans: 100-199}}") ?? [] {
      let name = try entry.mark.locating("Sites") { () throws(Problem) in try Name(parsing: entry.key) }
      let fields = try Fields(entry.value, .site, of: "Site '\(name)'", at: entry.mark)
      sites.append(Site(name: name, vlans: try vlans(fields)))
      marks[name] = entry.mark
    }
    guard !sites.isEmpty else {
      throw (section?.mark ?? fields.mark).problem(
        "no-sites", "The substrate has no sites.", remedy: "Add one, such as 'sites: {brno: {vlans: 100-199}}'.")
    }
  }

  private func vlans(_ fields: Fields) throws(Problem) -> VLANSet {
    var vlans = VLANSet()
    let subject = fields.subject(of: "vlans")
    for node in try fields.node("vlans")?.oneOrMany(of: subject, example: "[100-199, 300]") ?? [] {
      vlans.members.formUnion(try node.value(of: subject, VLANSet.init(parsing:)).members)
    }
    return vlans
  }

  /// The site called `text`. Throws `no-such-site`.
  func site(_ text: String) throws(Problem) -> Name {
    if let name = Name(text), marks[name] != nil { return name }
    throw Problem(
      .invalid, "no-such-site", "There is no site '\(text.excerpt)'.",
      remedy: Remedy.nearest(text, among: sites.map(\.name.description)))
  }
}
