import Controller
import Infrastructure
import Quantities

extension PhaseDocument {
  /// What is promised at the start, and then what each change of the timeline changes.
  public static func rows(of proposal: Proposal) -> [PhaseDocument] {
    let interval = proposal.interval
    let duration = interval.upperBound == .distantFuture ? nil : interval.upperBound - interval.lowerBound
    var before: [[String]: String] = [:]
    var rows: [PhaseDocument] = []
    for phase in proposal.admission.infrastructure.phases(within: duration) {
      let start = interval.lowerBound + phase.begin
      let end = phase.end.map { interval.lowerBound + $0 }
      for (object, what, amount) in amounts(of: phase.infrastructure) {
        guard before.updateValue(amount, forKey: [object, what]) != amount else { continue }
        rows.append(PhaseDocument(start: start, end: end?.ifFinite, object: object, what: what, amount: amount))
      }
    }
    return rows
  }

  private static func amounts(
    of infrastructure: VirtualInfrastructure
  ) -> [(object: String, what: String, amount: String)] {
    infrastructure.networks.flatMap { network in
      let name = network.name.description
      let rate = (name, "rate", (network.rate.minimum ?? .zero).description)
      guard let reverse = network.reverseRate else { return [rate] }
      return [rate, (name, "reverse rate", (reverse.minimum ?? .zero).description)]
    }
      + infrastructure.nodes.flatMap { node in
        let name = node.name.description
        return [
          (name, "cpu", node.cpu.description), (name, "memory", node.memory.description),
          (name, "storage", node.storage.description),
        ]
      }
  }
}
