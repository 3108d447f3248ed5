import Infrastructure
import Quantities

/// `links`: what joins the sites.
enum LinkSection {
  /// Throws `link-loop`, `duplicate-link`, `bad-ends` or `no-such-site`.
  static func links(_ fields: Fields, _ sites: SiteSection) throws(Problem) -> [CoreLink] {
    var links: [CoreLink] = []
    var marks: [Set<Name>: Mark] = [:]
    for element in try fields.node("links")?.elements(of: "'links'", example: "[{ends: [brno, prague]}]") ?? [] {
      let fields = try Fields(element, .link, of: "The link")
      let ends = try ends(fields, sites)
      if let earlier = marks.updateValue(element.mark, forKey: [ends.first, ends.second]) {
        throw element.mark.problem(
          "duplicate-link",
          "There is a second link between '\(ends.first)' and '\(ends.second)'; the first is on "
            + "\(earlier.short).", remedy: "Remove one, and give the other the rate of both.")
      }
      links.append(
        CoreLink(
          ends: ends, rate: try fields.value("rate", Bounds.rate),
          latency: try fields.value("latency", Bounds.latency) ?? .zero,
          price: try fields.value("price", Bounds.price) ?? 1,
          mtu: try fields.value("mtu", Bounds.mtu) ?? 1500))
    }
    return links
  }

  private static func ends(_ fields: Fields, _ sites: SiteSection) throws(Problem) -> Pair<Name> {
    let subject = fields.subject(of: "ends")
    let elements = try fields.node("ends")?.elements(of: subject, example: "[brno, prague]") ?? []
    guard elements.count == 2 else {
      throw fields.mark.problem(
        "bad-ends", "The link has \(elements.count) end\(elements.count == 1 ? "" : "s"), but a link has 2.",
        remedy: "Write two sites: [brno, prague].")
    }
    let first = try elements[0].value(of: subject, sites.site)
    let second = try elements[1].value(of: subject, sites.site)
    guard first != second else {
      throw elements[1].mark.problem(
        "link-loop", "The link has '\(first)' at both ends.", remedy: "Join two sites.")
    }
    return Pair(first, second)
  }
}
