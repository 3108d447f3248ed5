import Infrastructure
import Quantities

/// Writes `*.vc.yaml`: the inverse of `InfrastructureReader`.
public enum InfrastructureWriter {
  /// A file that `InfrastructureReader` reads back to an equal value, if it is one that a reader can return.
  ///
  /// Names that count up become ranges; interfaces, addresses and gateways are written only where they are not
  /// those that the reader gives by itself. A minimum rate of zero is left out, for it promises nothing; what else
  /// the language cannot say is written as it is, and refused when it is read.
  public static func text(_ infrastructure: VirtualInfrastructure) -> String {
    var root: [YAMLText.Entry] = [("name", .text(infrastructure.name.description))]
    root += lease(infrastructure.lease)
    if !infrastructure.labels.isEmpty { root.append(("labels", .labels(infrastructure.labels))) }
    root.append(("nodes", .mapping(nodes(infrastructure.nodes), isBlock: true)))
    root += NetworkWriter(infrastructure).sections()
    if !infrastructure.rules.isEmpty {
      root.append(("placement", .list(infrastructure.rules.map(rule), isBlock: true)))
    }
    if !infrastructure.timeline.isEmpty {
      root.append(("timeline", .list(TimelineWriter(infrastructure).events(), isBlock: true)))
    }
    return YAMLText.mapping(root, isBlock: true).document
  }

  private static func lease(_ lease: Lease) -> [YAMLText.Entry] {
    var entries: [YAMLText.Entry] = []
    if let start = lease.start { entries.append(("start", .plain(start.description))) }
    if let duration = lease.duration { entries.append(("duration", .text(duration.text))) }
    return entries.isEmpty ? [] : [("lease", .mapping(entries))]
  }

  private static func nodes(_ nodes: [Node]) -> [YAMLText.Entry] {
    NameRuns.patterns(nodes.map(\.name.description)) { position in
      var node = nodes[position]
      node.name = nodes[position - 1].name
      return node == nodes[position - 1]
    }.map { pattern, positions in
      let node = nodes[positions.lowerBound]
      return (pattern, .mapping(settings(node), isBlock: node.software.map { $0.textBytes > 0 } ?? false))
    }
  }

  private static func settings(_ node: Node) -> [YAMLText.Entry] {
    var entries: [YAMLText.Entry] = []
    if node.kind != .machine { entries.append(("kind", .text(node.kind.rawValue))) }
    switch node.image {
    case .host: break
    case .directory(let path), .archive(let path): entries.append(("image", .text(path)))
    }
    entries.append(("cpu", amount(node.cpu.description, node.least?.cpu?.description)))
    entries.append(("memory", amount(node.memory.description, node.least?.memory?.description)))
    if node.storage != .zero {
      entries.append(("storage", amount(node.storage.description, node.least?.storage?.description)))
    }
    if let site = node.site { entries.append(("site", .text(site.description))) }
    if let host = node.host { entries.append(("host", .text(host.description))) }
    if let location = node.location { entries.append(("location", .text(location))) }
    if node.isExclusive { entries.append(("exclusive", .plain("true"))) }
    if !node.routes.isEmpty { entries.append(("routes", .list(node.routes.map(route)))) }
    if let software = node.software { entries += RouterWriter.settings(software) }
    if !node.labels.isEmpty { entries.append(("labels", .labels(node.labels))) }
    return entries
  }

  /// What is wanted, as a range where less would do.
  private static func amount(_ wanted: String, _ least: String?) -> YAMLText {
    guard let least else { return .text(wanted) }
    return .mapping([("min", .text(least)), ("max", .text(wanted))])
  }

  private static func route(_ route: Route) -> YAMLText {
    let destination = route.destination.length == 0 ? "default" : route.destination.description
    return .mapping([("to", .text(destination)), ("via", .text(route.gateway.description))])
  }

  private static func rule(_ rule: PlacementRule) -> YAMLText {
    .mapping([
      (rule.kind.rawValue, .names(rule.nodes.map(\.description))), ("at", .text(rule.place.rawValue)),
    ])
  }
}

extension YAMLText {
  /// Names as patterns.
  static func names(_ names: [String]) -> YAMLText { .list(NameRuns.patterns(names).map { .text($0.pattern) }) }

  /// One rate where both bounds are alike.
  static func rate(_ range: RateRange) -> YAMLText {
    if let minimum = range.minimum, minimum == range.maximum { return .text(minimum.description) }
    var entries: [Entry] = []
    if let minimum = range.minimum, minimum > .zero { entries.append(("min", .text(minimum.description))) }
    if let maximum = range.maximum { entries.append(("max", .text(maximum.description))) }
    return .mapping(entries)
  }
}
