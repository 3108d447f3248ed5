import Infrastructure
import Quantities

/// `hosts`: what carries nodes, ranges expanded.
struct HostSection {
  /// What a host has for nodes where its entry is silent: a small machine.
  private static let usualCPU = Cores(thousandths: 4000)
  private static let usualMemory = ByteCount(bytes: 4 << 30)

  private(set) var hosts: [Host] = []
  private var marks: [Name: Mark] = [:]

  /// Throws `no-hosts`, `duplicate-host`, `name-clash`, `too-many` or what is wrong with a host.
  init(_ fields: Fields, _ sites: SiteSection) throws(Problem) {
    let section = fields.node("hosts")
    for entry in try section?.entries(of: "'hosts'", example: "{brno-[1-3]: {site: brno, cpu: 4, memory: 4GiB}}") ?? []
    {
      let names = try entry.mark.locating("Hosts") { () throws(Problem) in try NamePattern.expand(entry.key) }
      let fields = try Fields(entry.value, .host, of: "Host '\(entry.key.excerpt)'", at: entry.mark)
      for text in names {
        let name = try entry.mark.locating("Hosts") { () throws(Problem) in try Name(parsing: text) }
        try add(Self.host(name, fields, sites), entry, sites)
      }
    }
    guard !hosts.isEmpty else {
      throw (section?.mark ?? fields.mark).problem(
        "no-hosts", "The substrate has no hosts.",
        remedy: "Add one, such as 'hosts: {brno-1: {site: brno, cpu: 4, memory: 4GiB}}'.")
    }
  }

  private static func host(_ name: Name, _ fields: Fields, _ sites: SiteSection) throws(Problem) -> Host {
    Host(
      name: name, site: try fields.required("site", sites.site),
      kind: try fields.choice("kind", Host.Kind.self) ?? .emulated,
      cpu: try fields.value("cpu", Bounds.cpu) ?? usualCPU,
      memory: try fields.value("memory", Bounds.memory) ?? usualMemory,
      storage: try fields.value("storage", Bounds.storage), slots: try fields.value("slots", Bounds.slots),
      location: try fields.value("location", Bounds.location), price: try fields.value("price", Bounds.price) ?? 1,
      uplink: try fields.value("uplink", Bounds.rate),
      mtu: try fields.value("mtu", Bounds.mtu) ?? 1500, trunk: try trunk(fields))
  }

  /// Throws `bad-interface`, or `trunk-of-emulated` where there is no machine that could have one.
  private static func trunk(_ fields: Fields) throws(Problem) -> String? {
    let trunk = try fields.value("trunk", Bounds.interface)
    guard let trunk, try fields.choice("kind", Host.Kind.self) != .real else { return trunk }
    throw (fields.node("trunk")?.mark ?? fields.mark).problem(
      "trunk-of-emulated",
      "An emulated host has no interface \(trunk): its cable to the site's switch is emulated, too.",
      remedy: "Write 'kind: real', or leave 'trunk' out.")
  }

  private mutating func add(_ host: Host, _ entry: LocatedNode.Entry, _ sites: SiteSection) throws(Problem) {
    if let earlier = marks.updateValue(entry.mark, forKey: host.name) {
      throw entry.mark.problem(
        "duplicate-host", "There is a second host '\(host.name)'; the first is on \(earlier.short).",
        remedy: "Rename one of the two, or change its range.")
    }
    // Plans call a site's switch by the site's name.
    if let site = sites.marks[host.name] {
      throw entry.mark.problem(
        "name-clash", "Host '\(host.name)' has the name of the site on \(site.short).", remedy: "Rename one of the two."
      )
    }
    guard hosts.count < NamePattern.maximumNames else {
      throw NamePattern.tooMany(entry.key, of: "Hosts", entry.mark)
    }
    hosts.append(host)
  }
}
