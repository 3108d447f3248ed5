import Embedding
import Infrastructure

extension SubstrateDocument {
  /// The substrate with what is held of it, where no controller says how its hosts are.
  public init(_ use: SubstrateView, isDefault: Bool) {
    self.init(
      name: use.substrate.name, core: use.substrate.core, sites: use.substrate.sites.map(\.name),
      hosts: use.substrate.hosts.indices.map { HostDocument(at: $0, use) }, links: LinkDocument.rows(of: use),
      isDefault: isDefault)
  }
}

extension HostDocument {
  fileprivate init(at index: Int, _ use: SubstrateView) {
    let host = use.substrate.hosts[index]
    self.init(
      name: host.name, site: host.site, kind: host.kind, cpu: host.cpu, cpuFree: use.freeCPU(index),
      memory: host.memory, memoryFree: use.freeMemory(index), uplink: host.uplink, uplinkFree: use.freeUplink(index),
      state: .ready, agent: nil)
  }
}
