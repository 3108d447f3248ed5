import Controller
import Embedding
import Infrastructure
import Quantities

extension SubstrateDocument {
  /// The substrate as it stands.
  public init(_ view: CloudView) {
    let use = view.use
    self.init(
      name: view.substrate.name, core: view.substrate.core, sites: view.substrate.sites.map(\.name),
      hosts: HostDocument.rows(of: view, use), links: LinkDocument.rows(of: use), isDefault: view.isDefaultSubstrate)
  }
}

extension HostDocument {
  /// - Parameter use: The view's substrate with what is held of it.
  public static func rows(of view: CloudView, _ use: SubstrateView) -> [HostDocument] {
    use.substrate.hosts.indices.map { HostDocument(at: $0, view, use) }
  }

  init(at index: Int, _ view: CloudView, _ use: SubstrateView) {
    let host = use.substrate.hosts[index]
    self.init(
      name: host.name, site: host.site, kind: host.kind, cpu: host.cpu, cpuFree: use.freeCPU(index),
      memory: host.memory, memoryFree: use.freeMemory(index), uplink: host.uplink, uplinkFree: use.freeUplink(index),
      state: view.standing(of: host.name).state, agent: view.agent(of: host.name).map(AgentDocument.init))
  }
}

extension AgentDocument {
  /// Silence is rounded to tenths of a second.
  public init(_ agent: AgentStanding) {
    let silence = agent.silence.map { $0 / .seconds(1) }
    self.init(
      version: agent.identity.version, address: agent.identity.address, silence: silence?.rounded(places: 1),
      given: agent.given, applied: agent.applied)
  }
}

extension LinkDocument {
  /// What of each link is not held, in the substrate's order.
  public static func rows(of use: SubstrateView) -> [LinkDocument] {
    use.substrate.links.enumerated().map { index, link in
      LinkDocument(
        first: link.ends.first, second: link.ends.second, rate: link.rate, free: use.freeRate(ofLink: index),
        latency: link.latency, mtu: link.mtu)
    }
  }
}

extension BookingDocument {
  /// Resources and amounts in words; the share is rounded to four decimal places.
  public init(_ row: CalendarRow, on substrate: Substrate) {
    let isLimited = row.capacity != .max
    self.init(
      resource: substrate.name(of: row.resource), holder: row.holder, isOffer: row.isOffer,
      start: row.interval.lowerBound, end: row.interval.upperBound.ifFinite,
      amount: Substrate.text(row.amount, of: row.resource),
      capacity: isLimited ? Substrate.text(row.capacity, of: row.resource) : nil,
      share: isLimited && row.capacity > 0 ? (Double(row.amount) / Double(row.capacity)).rounded(places: 4) : nil)
  }
}
