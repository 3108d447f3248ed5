import Infrastructure
import Quantities

/// `timeline`: what nodes and networks ask for from later moments of the lease on.
struct TimelineSection {
  /// Changes of all events together.
  static let maximumChanges = 100_000

  private let directory: MemberDirectory
  private let nodes: NodeSection
  /// Kinds of the networks, and the rates that hold in each direction by the event that is read; no reverse
  /// rate is the same as forward.
  private var networks: [String: (kind: Network.Kind, rate: RateRange, reverse: RateRange?)] = [:]
  private var changes = 0

  init(_ directory: MemberDirectory, _ nodes: NodeSection, _ drafts: [NetworkDraft]) {
    self.directory = directory
    self.nodes = nodes
    for draft in drafts { networks[draft.name.description] = (draft.kind, draft.rate, draft.reverseRate) }
  }

  /// Throws `timeline-order`, `no-such-network`, `duplicate-member`, `too-many` or what is wrong with a value.
  consuming func events(_ fields: Fields, within lease: Duration?) throws(Problem) -> [TimelineEvent] {
    var events: [TimelineEvent] = []
    let example = "[{after: 1h, nodes: {worker1: {cpu: 2}}}]"
    for element in try fields.node("timeline")?.elements(of: "'timeline'", example: example) ?? [] {
      let fields = try Fields(element, .event, of: "The event")
      let after = try fields.required("after", Bounds.delay)
      if let lease, after >= lease {
        throw element.mark.problem(
          "timeline-order", "The event after \(after.text) is not within the lease of \(lease.text).",
          remedy: "Write an earlier event, or a longer lease.")
      }
      if let earlier = events.last?.after, after <= earlier {
        throw element.mark.problem(
          "timeline-order", "The event after \(after.text) follows one after \(earlier.text).",
          remedy: "Write events in rising order, one for each moment.")
      }
      let subject = "The event after \(after.text)"
      events.append(
        TimelineEvent(
          after: after, nodes: try nodeChanges(fields.node("nodes"), subject),
          networks: try networkChanges(fields.node("networks"), subject)))
    }
    return events
  }

  private mutating func nodeChanges(
    _ list: LocatedNode?, _ subject: String
  ) throws(Problem) -> [Name: TimelineEvent.NodeChange] {
    var result: [Name: TimelineEvent.NodeChange] = [:]
    for entry in try list?.entries(of: "\(subject), nodes", example: "{worker[1-4]: {cpu: 2}}") ?? [] {
      let fields = try Fields(
        entry.value, .nodeChange, of: "\(subject), node '\(entry.key.excerpt)'", at: entry.mark)
      let change = TimelineEvent.NodeChange(
        cpu: try fields.value("cpu", Bounds.cpu), memory: try fields.value("memory", Bounds.memory),
        storage: try fields.value("storage", Bounds.storage))
      let found = try directory.resolve(entry.key, of: subject, entry.mark)
      try count(found.count, entry.mark)
      for node in found {
        guard result.updateValue(change, forKey: nodes.drafts[node].name) == nil else {
          throw entry.mark.problem(
            "duplicate-member", "\(subject) changes '\(nodes.drafts[node].name)' twice.",
            remedy: "Put all that changes of it into one place.")
        }
      }
    }
    return result
  }

  private mutating func networkChanges(
    _ list: LocatedNode?, _ subject: String
  ) throws(Problem) -> [Name: TimelineEvent.NetworkChange] {
    var result: [Name: TimelineEvent.NetworkChange] = [:]
    for entry in try list?.entries(of: "\(subject), networks", example: "{lan: {rate: 1Gbit/s}}") ?? [] {
      guard let name = Name(entry.key), let network = networks[entry.key] else {
        throw entry.mark.problem(
          "no-such-network", "\(subject) refers to '\(entry.key.excerpt)', but there is no such segment or wire.",
          remedy: Remedy.nearest(entry.key, among: networks.keys.sorted()))
      }
      let fields = try Fields(
        entry.value, .networkChange, of: "\(subject), network '\(name)'", at: entry.mark)
      try count(1, entry.mark)
      var change = TimelineEvent.NetworkChange()
      if let rate = try RateReader.rate(fields, of: network.kind) {
        change.rate = rate.forward
        change.reverseRate = rate.isDirected ? rate.reverse : network.reverse == nil ? nil : rate.forward
        // A direction that is not named stays as it was, also where it was the same as the other until now.
        if rate.isDirected, rate.reverse == nil, network.reverse == nil { change.reverseRate = network.rate }
        networks[entry.key]?.rate = change.rate ?? network.rate
        networks[entry.key]?.reverse = change.reverseRate ?? network.reverse
      }
      result[name] = change
    }
    return result
  }

  private mutating func count(_ more: Int, _ mark: Mark) throws(Problem) {
    changes += more
    guard changes <= Self.maximumChanges else {
      throw mark.problem(
        "too-many", "The timeline has more than \(Self.maximumChanges) changes.", remedy: "Ask for fewer.")
    }
  }
}
