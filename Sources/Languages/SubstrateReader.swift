import Infrastructure
import Quantities

/// Reads `*.substrate.yaml` files; docs/file.md is their reference.
public enum SubstrateReader {
  /// Reads a substrate; parameters and problems as in `InfrastructureReader.read`.
  public static func read(
    text: [UInt8], file: String, environment: [String: String]
  ) throws(Problem) -> Substrate {
    let root = try Substitution(environment: environment).apply(to: YAMLParser.parse(text, file: file))
    let fields = try Fields(root, of: "a substrate", known: Keys.substrate)
    let name = try fields.required("name", of: "the substrate").name(of: "name")
    let core = try fields["core"].map { node throws(Problem) in try node.choice(of: "core", CoreKind.self) } ?? .trunk
    let sites = try sites(try fields.required("sites", of: "the substrate"))
    let known = sites.map(\.name)
    return Substrate(
      name: name, core: core, sites: sites,
      hosts: try hosts(try fields.required("hosts", of: "the substrate"), known),
      links: try links(fields["links"], known))
  }

  private static func sites(_ section: YAMLNode) throws(Problem) -> [Site] {
    var sites: [Site] = []
    for (key, value) in try section.entries(of: "sites") {
      let name = try key.name(of: "sites")
      let fields = try Fields(value, of: "site \(name)", known: Keys.site)
      let vlans = try fields.required("vlans", of: "site \(name)")
        .value(of: "vlans of site \(name)", VLANSet.init(parsing:))
      sites.append(Site(name: name, vlans: vlans))
    }
    guard !sites.isEmpty else {
      throw section.problem("no-sites", "'sites' is empty.", remedy: "Add a site, such as 'brno: {vlans: 100-199}'.")
    }
    return sites
  }

  private static func hosts(_ section: YAMLNode, _ sites: [Name]) throws(Problem) -> [Host] {
    var hosts: [Host] = []
    var seen: Set<Name> = []
    for (key, value) in try section.entries(of: "hosts") {
      for name in try NameRange.expand(key, of: "hosts") {
        guard seen.insert(name).inserted else {
          throw key.problem("duplicate-name", "Host '\(name)' stands twice.", remedy: "Rename one of the two.")
        }
        hosts.append(try host(name, value, sites))
      }
    }
    guard !hosts.isEmpty else {
      throw section.problem("no-hosts", "'hosts' is empty.", remedy: "Add a host, such as 'brno-1: {site: brno}'.")
    }
    return hosts
  }

  private static func host(_ name: Name, _ value: YAMLNode, _ sites: [Name]) throws(Problem) -> Host {
    let what = "host \(name)"
    let fields = try Fields(value, of: what, known: Keys.host)
    let site = try siteName(try fields.required("site", of: what), sites, what)
    var host = Host(
      name: name, site: site, kind: .emulated, cpu: Cores(thousandths: 4000), memory: ByteCount(bytes: 4 << 30))
    if let kind = fields["kind"] { host.kind = try kind.choice(of: "kind of \(what)", Host.Kind.self) }
    if let cpu = fields["cpu"] { host.cpu = try NodeDefaults.cpu(cpu, of: what) }
    if let memory = fields["memory"] { host.memory = try NodeDefaults.memory(memory, of: what) }
    host.uplink = try fields["uplink"].map { node throws(Problem) in try node.rate(of: "uplink of \(what)") }
    if let mtu = fields["mtu"] { host.mtu = try mtu.integer(of: "mtu of \(what)", in: 1280...65000) }
    return host
  }

  private static func siteName(_ node: YAMLNode, _ sites: [Name], _ what: String) throws(Problem) -> Name {
    let name = try node.name(of: "site of \(what)")
    guard sites.contains(name) else {
      let near = Nearest.name(to: name.description, among: sites.map(\.description))
      throw node.problem(
        "no-such-site", "\(what) names the site '\(name)', which isn't there.",
        remedy: near.map { "Did you mean '\($0)'?" }
          ?? "The sites are: \(sites.map(\.description).joined(separator: ", ")).")
    }
    return name
  }

  private static func links(_ section: YAMLNode?, _ sites: [Name]) throws(Problem) -> [CoreLink] {
    var links: [CoreLink] = []
    for item in try section?.items(of: "links") ?? [] {
      let fields = try Fields(item, of: "a core link", known: Keys.link)
      let section = try fields.required("ends", of: "a core link")
      let ends = try section.items(of: "ends of a core link")
      guard ends.count == 2 else {
        throw section.problem(
          "not-two-ends", "A core link has \(ends.count) ends.", remedy: "Name two sites, such as ends: [brno, prague]."
        )
      }
      let first = try siteName(ends[0], sites, "a core link")
      let second = try siteName(ends[1], sites, "a core link")
      guard first != second else {
        throw section.problem("link-to-itself", "A core link joins \(first) with itself.", remedy: "Name two sites.")
      }
      let what = "core link \(first) - \(second)"
      guard !links.contains(where: { Set([$0.ends.first, $0.ends.second]) == [first, second] }) else {
        throw section.problem("duplicate-link", "\(what) stands twice.", remedy: "Remove one of the two.")
      }
      links.append(try link(fields, Pair(first, second), what))
    }
    return links
  }

  private static func link(_ fields: Fields, _ ends: Pair<Name>, _ what: String) throws(Problem) -> CoreLink {
    var link = CoreLink(ends: ends)
    link.rate = try fields["rate"].map { node throws(Problem) in try node.rate(of: "rate of \(what)") }
    if let latency = fields["latency"] {
      link.latency = try latency.value(of: "latency of \(what)", Duration.init(parsing:))
    }
    if let mtu = fields["mtu"] { link.mtu = try mtu.integer(of: "mtu of \(what)", in: 1280...65000) }
    return link
  }
}
