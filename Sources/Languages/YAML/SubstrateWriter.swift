import Infrastructure
import Quantities

/// Writes `*.substrate.yaml`: the inverse of `SubstrateReader`.
public enum SubstrateWriter {
  /// A file that `SubstrateReader` reads back to an equal value, if it is one that a reader can return.
  ///
  /// Neighbouring hosts that differ only in a number at the end of their names share a line.
  public static func text(_ substrate: Substrate) -> String {
    var root: [YAMLText.Entry] = [
      ("name", .text(substrate.name.description)), ("core", .text(substrate.core.rawValue)),
    ]
    if substrate.bestEffort != 0 { root.append(("best-effort", .text("\(substrate.bestEffort)%"))) }
    if !substrate.fastPath { root.append(("fast-path", .text("false"))) }
    let sites = substrate.sites.map { site -> YAMLText.Entry in
      (site.name.description, .mapping([("vlans", .text(site.vlans.description))]))
    }
    root.append(("sites", .mapping(sites, isBlock: true)))
    root.append(("hosts", .mapping(hosts(substrate.hosts), isBlock: true)))
    if !substrate.links.isEmpty { root.append(("links", .list(substrate.links.map(link), isBlock: true))) }
    return YAMLText.mapping(root, isBlock: true).document
  }

  private static func hosts(_ hosts: [Host]) -> [YAMLText.Entry] {
    NameRuns.patterns(hosts.map(\.name.description)) { position in
      var host = hosts[position]
      host.name = hosts[position - 1].name
      return host == hosts[position - 1]
    }.map { ($0.pattern, .mapping(settings(hosts[$0.positions.lowerBound]))) }
  }

  private static func settings(_ host: Host) -> [YAMLText.Entry] {
    var entries: [YAMLText.Entry] = [("site", .text(host.site.description))]
    if host.kind != .emulated { entries.append(("kind", .text(host.kind.rawValue))) }
    entries.append(("cpu", .text(host.cpu.description)))
    entries.append(("memory", .text(host.memory.description)))
    if let storage = host.storage { entries.append(("storage", .text(storage.description))) }
    if let slots = host.slots { entries.append(("slots", .text("\(slots)"))) }
    if let location = host.location { entries.append(("location", .text(location))) }
    if host.price != 1 { entries.append(("price", .text("\(host.price)"))) }
    if let uplink = host.uplink { entries.append(("uplink", .text(uplink.description))) }
    if host.mtu != 1500 { entries.append(("mtu", .text("\(host.mtu)"))) }
    if let trunk = host.trunk { entries.append(("trunk", .text(trunk))) }
    return entries
  }

  private static func link(_ link: CoreLink) -> YAMLText {
    var entries: [YAMLText.Entry] = [
      ("ends", .list([.text(link.ends.first.description), .text(link.ends.second.description)]))
    ]
    if let rate = link.rate { entries.append(("rate", .text(rate.description))) }
    if link.latency != .zero { entries.append(("latency", .text(link.latency.text))) }
    if link.mtu != 1500 { entries.append(("mtu", .text("\(link.mtu)"))) }
    if link.price != 1 { entries.append(("price", .text("\(link.price)"))) }
    return .mapping(entries)
  }
}
