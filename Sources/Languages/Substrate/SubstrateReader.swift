import Infrastructure
import Quantities

/// Reads `*.substrate.yaml`: sites, hosts and core links, in the language of docs/file.md.
public enum SubstrateReader {
  /// The substrate that `text` describes: every site that is referred to exists, names are unique.
  ///
  /// - Parameters:
  ///   - text: UTF-8, at most 8 MiB.
  ///   - file: how the file is called in problems' locations.
  ///   - environment: what `${VAR}` stands for.
  /// - Throws: a problem of kind `invalid` whose location is `FILE:LINE:COLUMN`, counted from 1.
  public static func read(text: [UInt8], file: String, environment: [String: String]) throws(Problem) -> Substrate {
    let root = try YAMLLoader.load(text, file: file, environment: environment)
    let fields = try Fields(root, .substrate, of: "The substrate")
    let name = try fields.required("name", Name.init(parsing:))
    let core = try fields.choice("core", CoreKind.self) ?? .trunk
    let sites = try SiteSection(fields)
    let hosts = try HostSection(fields, sites)
    let links = try LinkSection.links(fields, sites)
    return Substrate(
      name: name, core: core, sites: sites.sites, hosts: hosts.hosts, links: links,
      bestEffort: try fields.value("best-effort", Bounds.percent) ?? 0,
      fastPath: try fields.value("fast-path", Bounds.flag) ?? true)
  }
}
