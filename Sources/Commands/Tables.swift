import CommandLine
import Controller
import Embedding
import Planning
import Quantities
import Reservations

extension Table {
  /// Nodes and interfaces; `state` tells each node's, and is left out for what does not run yet.
  init(_ rows: [NodeRow], state: ((Name) -> String)? = nil) {
    self.init(
      [
        Column("node"), Column("kind"), Column("host"), Column("site"), Column("interface", "if"), Column("mac"),
        Column("addresses"), Column("network"), Column("vlan"),
      ] + (state == nil ? [] : [Column("state")]))
    for row in rows {
      append(
        [
          "\(row.node)", "\(row.kind.rawValue)", "\(row.host)", Cell(row.site?.description), Cell(row.interface),
          Cell(row.mac?.description), Cell(row.addresses.map(\.description)), Cell(row.network?.description),
          Cell(row.vlan.map { Int($0.rawValue) }),
        ] + (state.map { [.string($0(row.node))] } ?? []))
    }
  }

  /// One line an infrastructure.
  init(_ views: [InfrastructureView]) {
    self.init([
      Column("name"), Column("phase"), Column("nodes"), Column("running"), Column("networks"), Column("start"),
      Column("end"),
      Column("lease_left"), Column("cause"),
    ])
    for view in views {
      let infrastructure = view.record.admission.infrastructure
      append([
        "\(view.record.name)", "\(view.record.standing.phase.rawValue)", .int(infrastructure.nodes.count),
        .int(view.running.count), .int(infrastructure.networks.count),
        "\(view.record.interval.lowerBound)", "\(view.record.interval.upperBound)",
        Cell(view.remaining.map { Duration.seconds($0).text }), Cell(view.record.standing.cause),
      ])
    }
  }

  /// Hosts and what is reserved of them.
  init(hostsOf view: SubstrateView) {
    self.init([
      Column("host"), Column("site"), Column("kind"), Column("cpu"), Column("cpu_free"), Column("memory"),
      Column("memory_free"), Column("uplink"), Column("uplink_free"),
    ])
    for (index, host) in view.substrate.hosts.enumerated() {
      append([
        "\(host.name)", "\(host.site)", "\(host.kind.rawValue)", "\(host.cpu)", "\(view.freeCPU(index))",
        "\(host.memory)", "\(view.freeMemory(index))", Cell(host.uplink?.description),
        Cell(view.freeUplink(index)?.description),
      ])
    }
  }

  /// Core links and what is reserved of them.
  init(linksOf view: SubstrateView) {
    self.init([
      Column("first"), Column("second"), Column("rate"), Column("free"), Column("latency"), Column("mtu"),
    ])
    for (index, link) in view.substrate.links.enumerated() {
      append([
        "\(link.ends.first)", "\(link.ends.second)", Cell(link.rate?.description),
        Cell(view.freeRate(ofLink: index)?.description), .string(link.latency.text), .int(link.mtu),
      ])
    }
  }

  /// Who holds which VLAN where.
  init(_ vlans: [VLANRow]) {
    self.init([
      Column("site"), Column("vlan"), Column("state"), Column("infrastructure"), Column("network"),
      Column("awaiting"),
    ])
    for row in vlans {
      append([
        "\(row.site)", .int(Int(row.vlan.rawValue)), "\(row.state.rawValue)", "\(row.owner.infrastructure)",
        "\(row.owner.network)", Cell(row.awaiting),
      ])
    }
  }
}
