import Quantities

/// A part of a lease in which what is asked does not change.
public struct Phase: Hashable, Sendable {
  /// From the start of the lease; the end is nil where the lease has none.
  public var begin: Duration
  public var end: Duration?
  /// The infrastructure as it is then, without timeline.
  public var infrastructure: VirtualInfrastructure
}

extension VirtualInfrastructure {
  /// What is asked from one change to the next, in order; one phase where there is no timeline.
  ///
  /// - Parameter duration: Of the lease; changes at its end or later are left out. Nil is without end.
  public func phases(within duration: Duration?) -> [Phase] {
    var present = self
    present.timeline = []
    var phases = [Phase(begin: .zero, end: duration, infrastructure: present)]
    for event in timeline where duration.map({ event.after < $0 }) ?? true {
      present.apply(event)
      if phases[phases.count - 1].begin == event.after {
        phases[phases.count - 1].infrastructure = present
        continue
      }
      phases[phases.count - 1].end = event.after
      phases.append(Phase(begin: event.after, end: duration, infrastructure: present))
    }
    return phases
  }

  /// The most that each node and network ever asks for during the lease, without timeline: what an embedding that
  /// serves the whole lease must have room for.
  public func peak(within duration: Duration?) -> VirtualInfrastructure {
    let phases = phases(within: duration)
    var peak = phases[0].infrastructure
    for phase in phases.dropFirst() {
      for (index, node) in phase.infrastructure.nodes.enumerated() {
        peak.nodes[index].cpu = max(peak.nodes[index].cpu, node.cpu)
        peak.nodes[index].memory = max(peak.nodes[index].memory, node.memory)
        peak.nodes[index].storage = max(peak.nodes[index].storage, node.storage)
      }
      for (index, network) in phase.infrastructure.networks.enumerated() {
        peak.networks[index].raise(to: network)
      }
    }
    return peak
  }

  private mutating func apply(_ event: TimelineEvent) {
    for index in nodes.indices {
      guard let change = event.nodes[nodes[index].name] else { continue }
      nodes[index].cpu = change.cpu ?? nodes[index].cpu
      nodes[index].memory = change.memory ?? nodes[index].memory
      nodes[index].storage = change.storage ?? nodes[index].storage
    }
    for index in networks.indices {
      guard let change = event.networks[networks[index].name] else { continue }
      networks[index].rate = change.rate ?? networks[index].rate
      networks[index].reverseRate = change.reverseRate ?? networks[index].reverseRate
    }
  }
}

extension Network {
  /// Takes over minimums that are higher.
  fileprivate mutating func raise(to other: Network) {
    let isSymmetric = reverseRate == nil && other.reverseRate == nil
    let back = max(reverseMinimum, other.reverseMinimum)
    if other.minimum > minimum { rate.minimum = other.rate.minimum }
    if isSymmetric { return }
    var reverse = reverseRate ?? rate
    reverse.minimum = back == 0 ? nil : Bitrate(bitsPerSecond: back)
    reverseRate = reverse
  }
}
