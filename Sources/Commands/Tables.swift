import API
import CommandLine
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

  /// Nodes and interfaces of what is there, with each node's state.
  init(_ nodes: [NodeDocument]) {
    let states = Dictionary(nodes.map { ($0.row.node, $0.state) }, uniquingKeysWith: { first, _ in first })
    self.init(nodes.map(\.row)) { states[$0] ?? "" }
  }

  /// One line an infrastructure.
  init(_ infrastructures: [InfrastructureSummary]) {
    self.init([
      Column("name"), Column("phase"), Column("nodes"), Column("running"), Column("networks"), Column("start"),
      Column("end"),
      Column("lease_left"), Column("cause"),
    ])
    for summary in infrastructures {
      append([
        "\(summary.name)", "\(summary.phase.rawValue)", .int(summary.nodes), .int(summary.running),
        .int(summary.networks), "\(summary.start)", "\(summary.end ?? .distantFuture)",
        Cell(summary.remaining?.text), Cell(summary.cause),
      ])
    }
  }

  /// Hosts and what is reserved of them.
  init(_ hosts: [HostDocument]) {
    self.init([
      Column("host"), Column("site"), Column("kind"), Column("cpu"), Column("cpu_free"), Column("memory"),
      Column("memory_free"), Column("uplink"), Column("uplink_free"),
    ])
    for host in hosts {
      append([
        "\(host.name)", "\(host.site)", "\(host.kind.rawValue)", "\(host.cpu)", "\(host.cpuFree)",
        "\(host.memory)", "\(host.memoryFree)", Cell(host.uplink?.description), Cell(host.uplinkFree?.description),
      ])
    }
  }

  /// Core links and what is reserved of them.
  init(_ links: [LinkDocument]) {
    self.init([
      Column("first"), Column("second"), Column("rate"), Column("free"), Column("latency"), Column("mtu"),
    ])
    for link in links {
      append([
        "\(link.first)", "\(link.second)", Cell(link.rate?.description), Cell(link.free?.description),
        .string(link.latency.text), .int(link.mtu),
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
