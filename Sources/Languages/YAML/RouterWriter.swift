import Infrastructure

/// Writes what a router runs; its texts are written into the file itself.
enum RouterWriter {
  static func settings(_ software: RouterSoftware) -> [YAMLText.Entry] {
    var entries = routing(software.routing)
    if let ruleset = software.nftables { entries.append(("nftables", .lines(of: ruleset))) }
    if !software.qdiscs.isEmpty {
      let qdiscs = software.qdiscs.sorted { $0.key < $1.key }
      entries.append(("qdiscs", .mapping(qdiscs.map { ($0.key, .list($0.value.map(YAMLText.text))) })))
    }
    return entries
  }

  private static func routing(_ routing: RouterSoftware.Routing) -> [YAMLText.Entry] {
    switch routing {
    case .static: return []
    case .bird(let text):
      return [("routing", .mapping([("software", .text("bird")), ("config", .lines(of: text))], isBlock: true))]
    case .frr(let text, let daemons):
      let names = daemons.isEmpty ? ["staticd"] : daemons.map(\.rawValue)
      return [
        (
          "routing",
          .mapping(
            [
              ("software", .text("frr")), ("daemons", .list(names.map(YAMLText.text))), ("config", .lines(of: text)),
            ], isBlock: true)
        )
      ]
    }
  }
}
