import Controller
import Infrastructure
import Planning
import Quantities

extension InfrastructureSummary {
  /// - Parameters:
  ///   - running: How many of its nodes run.
  ///   - cause: Why it is in its phase.
  public init(_ record: InfrastructureRecord, running: Int, cause: String?) {
    let infrastructure = record.admission.infrastructure
    self.init(
      name: record.name, project: record.standing.caller.project, owner: record.standing.caller.user,
      phase: record.standing.phase, cause: cause, created: Timestamp(seconds: record.created),
      start: record.interval.lowerBound, end: record.interval.upperBound.ifFinite, nodes: infrastructure.nodes.count,
      running: running, networks: infrastructure.networks.count, revision: record.standing.revision)
  }
}

extension InfrastructureDocument {
  /// - Parameters:
  ///   - networks: What its networks get now.
  ///   - fastPath: Whether its substrate has wires of one host go past the bridge.
  ///   - states: Of its wires, as far as they are known.
  public init(_ view: InfrastructureView, networks: [NetworkRow], fastPath: Bool, states: [Name: String] = [:]) {
    self.init(
      summary: InfrastructureSummary(view.record, running: view.running.count, cause: view.cause),
      nodes: view.rows.map { NodeDocument(row: $0, state: view.state(of: $0.node)) }, networks: networks,
      wires: WireDocument.rows(of: view.record.admission, fastPath: fastPath, states: states))
  }
}

extension WireDocument {
  /// The wires of an infrastructure in their order.
  ///
  /// - Parameter states: What the processes at a wire's ends say, by wire.
  public static func rows(
    of admission: Admission, fastPath: Bool, states: [Name: String] = [:]
  ) -> [WireDocument] {
    admission.infrastructure.networks.filter { $0.kind == .wire }.map { wire in
      let ends = wire.endpoints.map { "\($0.node):\($0.interface)" }
      let carried = CarriedBy(wire, of: admission, fastPath: fastPath)
      let vlans = Set((admission.vlans[wire.name] ?? [:]).values.map(\.rawValue)).sorted()
      let identifier: String? =
        switch carried {
        case .vlan: vlans.isEmpty ? nil : vlans.map(String.init).joined(separator: ",")
        case .vxlan: admission.networkNumbers[wire.name].map { "\($0)" }
        default: nil
        }
      return WireDocument(
        name: wire.name, first: ends.first ?? "", second: ends.last ?? "", type: wire.type, carriedBy: carried,
        identifier: identifier, rate: wire.rate.text, reverseRate: (wire.reverseRate ?? wire.rate).text,
        delay: wire.impairment.delay.text, loss: wire.impairment.lossText, state: states[wire.name])
    }
  }
}

extension RateRange {
  /// `100Mbit/s`, `100Mbit/s..1Gbit/s`, `none`.
  var text: String {
    if minimum == nil, maximum == nil { return "none" }
    if minimum == maximum, let minimum { return "\(minimum)" }
    return "\(minimum?.description ?? "")..\(maximum?.description ?? "")"
  }
}
