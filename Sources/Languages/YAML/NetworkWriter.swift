import Infrastructure
import Quantities

/// Writes `segments` and `wires`, and of interfaces, addresses and gateways what the reader would not give them.
struct NetworkWriter {
  private let infrastructure: VirtualInfrastructure
  private let interfaces: InterfaceWishes
  private var gateways: GatewayWishes

  init(_ infrastructure: VirtualInfrastructure) {
    self.infrastructure = infrastructure
    interfaces = InterfaceWishes(infrastructure)
    gateways = GatewayWishes(infrastructure)
  }

  consuming func sections() -> [YAMLText.Entry] {
    var (segments, wires): ([YAMLText.Entry], [YAMLText]) = ([], [])
    for network in infrastructure.networks {
      let members = members(of: network)
      switch network.kind {
      case .segment:
        let entries: [YAMLText.Entry] = [("members", .list(members))] + settings(of: network)
        segments.append((network.name.description, .mapping(entries)))
      case .wire:
        var entries: [YAMLText.Entry] = [("ends", .list(members))]
        let usual = network.endpoints.map(\.node.description).joined(separator: "-")
        if network.name.description != usual { entries.append(("name", .text(network.name.description))) }
        wires.append(.mapping(entries + settings(of: network)))
      }
    }
    var sections: [YAMLText.Entry] = []
    if !segments.isEmpty { sections.append(("segments", .mapping(segments, isBlock: true))) }
    if !wires.isEmpty { sections.append(("wires", .list(wires, isBlock: true))) }
    return sections
  }

  private mutating func settings(of network: Network) -> [YAMLText.Entry] {
    var entries: [YAMLText.Entry] = []
    let prefixes = network.prefixes.map { YAMLText.text($0.description) }
    if !prefixes.isEmpty { entries.append(("addresses", prefixes.count == 1 ? prefixes[0] : .list(prefixes))) }
    if let gateway = gateways.next(network) { entries.append(("gateway", .text(gateway))) }
    if let reverse = network.reverseRate {
      entries.append(("rate", .mapping([("forward", .rate(network.rate)), ("reverse", .rate(reverse))])))
    } else if network.rate != RateRange() {
      entries.append(("rate", .rate(network.rate)))
    }
    if let latency = network.maximumLatency { entries.append(("latency", .mapping([("max", .text(latency.text))]))) }
    if let mtu = network.mtu { entries.append(("mtu", .text("\(mtu)"))) }
    if network.type != .auto { entries.append(("type", .text(network.type.rawValue))) }
    if !network.impairment.isNone { entries.append(("impair", .mapping(settings(of: network.impairment)))) }
    if let portGuard = network.portGuard { entries.append(("guard", .mapping(settings(of: portGuard)))) }
    if !network.labels.isEmpty { entries.append(("labels", .labels(network.labels))) }
    return entries
  }

  private func settings(of impairment: Impairment) -> [YAMLText.Entry] {
    var entries: [YAMLText.Entry] = []
    if impairment.delay != .zero { entries.append(("delay", .text(impairment.delay.text))) }
    if impairment.jitter != .zero { entries.append(("jitter", .text(impairment.jitter.text))) }
    if impairment.loss != 0 { entries.append(("loss", .text(impairment.lossText))) }
    return entries
  }

  private func settings(of portGuard: PortGuard) -> [YAMLText.Entry] {
    let passes = PortGuard.Control.allCases.filter(portGuard.passes.contains).map { YAMLText.text($0.rawValue) }
    return [
      ("level", .text(portGuard.level.rawValue)), ("stations", .text("\(portGuard.stations)")),
      ("storm", .text("\(portGuard.storm ?? 0)")),
    ] + (passes.isEmpty ? [] : [("pass", .list(passes))])
  }

  /// Ends stay two; members of a segment that have nothing to say for themselves become ranges.
  private func members(of network: Network) -> [YAMLText] {
    let areUsual = hasUsualAddresses(network)
    let members = network.endpoints.map { settings(of: $0, withAddresses: !areUsual) }
    let names = network.endpoints.map(\.node.description)
    guard network.kind == .segment else { return zip(names, members).map { $1 ?? .text($0) } }
    let patterns = NameRuns.patterns(names) { members[$0] == nil && members[$0 - 1] == nil }
    return patterns.map { members[$0.positions.lowerBound] ?? .text($0.pattern) }
  }

  /// Nil where the node's name says it all.
  private func settings(of endpoint: Endpoint, withAddresses: Bool) -> YAMLText? {
    let isNamed = interfaces.mustName(endpoint)
    guard withAddresses, !endpoint.addresses.isEmpty else {
      return isNamed ? .text("\(endpoint.node):\(endpoint.interface)") : nil
    }
    var entries: [YAMLText.Entry] = [("node", .text(endpoint.node.description))]
    if isNamed { entries.append(("interface", .text(endpoint.interface))) }
    let addresses = endpoint.addresses.map { YAMLText.text($0.address.description) }
    entries.append(("address", addresses.count == 1 ? addresses[0] : .list(addresses)))
    return .mapping(entries)
  }

  /// Whether each member has the lowest free address of each prefix.
  private func hasUsualAddresses(_ network: Network) -> Bool {
    var next = network.prefixes.map(\.firstUsable)
    for endpoint in network.endpoints {
      for (index, prefix) in network.prefixes.enumerated() {
        guard endpoint.addresses.contains(IPPrefix(address: next[index], length: prefix.length)) else { return false }
        next[index] = next[index].advanced(by: 1)
      }
    }
    return true
  }
}
