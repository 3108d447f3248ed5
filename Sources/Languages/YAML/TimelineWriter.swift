import Infrastructure
import Quantities

/// Writes `timeline`.
struct TimelineWriter {
  private let timeline: [TimelineEvent]
  /// Where a node stands in the file, so that ranges are found again.
  private var positions: [Name: Int] = [:]
  /// Networks whose directions have rates of their own by the event that is written.
  private var directed: Set<Name>

  init(_ infrastructure: VirtualInfrastructure) {
    timeline = infrastructure.timeline
    for (index, node) in infrastructure.nodes.enumerated() { positions[node.name] = index }
    directed = Set(infrastructure.networks.filter { $0.reverseRate != nil }.map(\.name))
  }

  consuming func events() -> [YAMLText] {
    var events: [YAMLText] = []
    for event in timeline {
      var entries: [YAMLText.Entry] = [("after", .text(event.after.text))]
      if !event.nodes.isEmpty { entries.append(("nodes", .mapping(nodes(event.nodes)))) }
      if !event.networks.isEmpty { entries.append(("networks", .mapping(networks(event.networks)))) }
      events.append(.mapping(entries))
    }
    return events
  }

  private func nodes(_ changes: [Name: TimelineEvent.NodeChange]) -> [YAMLText.Entry] {
    let sorted = changes.sorted {
      (positions[$0.key] ?? .max, $0.key.description) < (positions[$1.key] ?? .max, $1.key.description)
    }
    let patterns = NameRuns.patterns(sorted.map(\.key.description)) { sorted[$0].value == sorted[$0 - 1].value }
    return patterns.map { ($0.pattern, Self.change(sorted[$0.positions.lowerBound].value)) }
  }

  private static func change(_ change: TimelineEvent.NodeChange) -> YAMLText {
    var entries: [YAMLText.Entry] = []
    if let cpu = change.cpu { entries.append(("cpu", .text(cpu.description))) }
    if let memory = change.memory { entries.append(("memory", .text(memory.description))) }
    if let storage = change.storage { entries.append(("storage", .text(storage.description))) }
    return .mapping(entries)
  }

  private mutating func networks(_ changes: [Name: TimelineEvent.NetworkChange]) -> [YAMLText.Entry] {
    changes.sorted { $0.key < $1.key }.map { name, change in
      var entries: [YAMLText.Entry] = []
      if change.reverseRate == nil, !directed.contains(name) {
        if let rate = change.rate { entries.append(("rate", .rate(rate))) }
      } else {
        var directions: [YAMLText.Entry] = []
        if let rate = change.rate { directions.append(("forward", .rate(rate))) }
        if let rate = change.reverseRate { directions.append(("reverse", .rate(rate))) }
        if !directions.isEmpty { entries.append(("rate", .mapping(directions))) }
        if change.reverseRate != nil { directed.insert(name) }
      }
      return (name.description, .mapping(entries))
    }
  }
}
