import Infrastructure
import Quantities

extension VXDLInfrastructureBuilder {
  mutating func add(_ link: VXDLLink, _ name: Name) throws(Problem) {
    let ends = (try end(link.source), try end(link.destination))
    guard ends.0 != ends.1 else {
      throw Problem(.invalid, "wire-loop", "It has '\(ends.0)' at both ends.", remedy: "Join two nodes.")
    }
    var network = Network(
      name: name, kind: .wire,
      endpoints: [Endpoint(node: ends.0, interface: ""), Endpoint(node: ends.1, interface: "")])
    try setRates(&network, link.bandwidth ?? VXDLBandwidth())
    network.maximumLatency = try link.latency.initial(events)?.latency()
    network.labels = labels(link)
    networks.append(network)
    try note(link)
  }

  private func end(_ end: VXDLEnd) throws(Problem) -> Name {
    if let name = names[end.id] { return name }
    throw Problem(
      .invalid, "no-such-node", "There is no node '\(end.id.excerpt)'.",
      remedy: Remedy.nearestID(end.id, among: names.keys))
  }

  /// The reverse rate is left out where it is always the same as the forward one.
  private mutating func setRates(_ network: inout Network, _ bandwidth: VXDLBandwidth) throws(Problem) {
    network.rate = try bandwidth.forward.initial(events)?.rate() ?? RateRange()
    let reverse = try bandwidth.reverse.initial(events)?.rate() ?? RateRange()
    let later = (try bandwidth.forward.later(events), try bandwidth.reverse.later(events))
    network.reverseRate = reverse == network.rate && later.0.isEmpty && later.1.isEmpty ? nil : reverse
    for (after, capacity) in later.0 {
      let rate = try capacity.rate()
      change(network.name, after) { $0.rate = rate }
    }
    for (after, capacity) in later.1 {
      let rate = try capacity.rate()
      change(network.name, after) { $0.reverseRate = rate }
    }
  }

  private mutating func change(
    _ network: Name, _ after: Duration, _ body: (inout TimelineEvent.NetworkChange) -> Void
  ) {
    body(
      &changes[after, default: TimelineEvent(after: after)]
        .networks[network, default: TimelineEvent.NetworkChange()])
  }

  private func labels(_ link: VXDLLink) -> [String: String] {
    var labels = VXDLLabels()
    labels.keep(link.traits)
    labels[.location] = link.traits.common.location
    labels[.exclusivity] = link.traits.exclusivity.map { $0 ? "true" : "false" }
    labels[.sourceInterface] = link.source.interface
    labels[.destinationInterface] = link.destination.interface
    return labels.values
  }

  private mutating func note(_ link: VXDLLink) throws(Problem) {
    let subject = "vLink '\(link.traits.common.id.excerpt)'"
    if let remark = noteTimes(link.traits) { remarks.append("\(subject) \(remark)") }
    if link.traits.exclusivity == true {
      remarks.append("\(subject) shares links with others: its exclusivity is only noted.")
    }
    if let place = link.traits.common.location {
      remarks.append("\(subject) goes where its ends are: its location '\(place.excerpt)' is only noted.")
    }
    if !(try link.latency.later(events).isEmpty) {
      remarks.append("\(subject) keeps its first latency bound: changes of it are left out.")
    }
    if case .interval(_?, nil)? = try link.latency.initial(events)?.amount {
      remarks.append("\(subject) has a least latency only, which is left out.")
    }
    for capacity in (link.bandwidth?.forward ?? []) + (link.bandwidth?.reverse ?? []) {
      guard case .set(let values) = capacity.amount, values.count > 1 else { continue }
      remarks.append("\(subject) gets the smallest rate of its set.")
      break
    }
  }
}
