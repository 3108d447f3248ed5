import CommandLine
import Infrastructure
import Quantities
import Simulation

/// The substrates on which the service is measured.
struct SubstrateOptions: ParameterGroup {
  @Option(value: "FILE", help: "a workload in JSON lines: its substrate, a hundred times as large") var workload:
    String?
  @Option(value: "COUNT", help: "or so many real hosts at sites of forty") var hosts: Int = 1000

  /// A workload of the literature is made to be full soon; so that admissions go on, each host and link is a hundred of
  /// them. The hosts are real: each waits for an agent of its own, and no kernel is touched.
  func substrate(_ kind: Host.Kind = .real) throws -> Substrate {
    guard let workload else { return try Self.sites(hosts: hosts) }
    return try Self.workload(workload).enlarged(by: 100, kind)
  }

  static func workload(_ file: String) throws -> Workload {
    try WorkloadReader.read(text: Packed.unpacked(Files.read(file), file), file: file)
  }

  private static func sites(hosts count: Int) throws -> Substrate {
    let vlans = VLANSet((1...4094).compactMap(VLANID.init))
    let sites = try (0..<max(1, (count + 39) / 40)).map { Site(name: try Name(parsing: "s\($0)"), vlans: vlans) }
    let hosts = try (0..<count).map {
      Host(
        name: try Name(parsing: "h\($0)"), site: sites[$0 / 40].name, kind: .real, cpu: Cores(thousandths: 64_000),
        memory: ByteCount(bytes: 256 << 30), uplink: Bitrate(bitsPerSecond: 10_000_000_000), trunk: "eth1")
    }
    let links = sites.indices.dropFirst().map {
      CoreLink(ends: Pair(sites[$0 - 1].name, sites[$0].name), rate: Bitrate(bitsPerSecond: 100_000_000_000))
    }
    return Substrate(name: try Name(parsing: "site"), sites: sites, hosts: hosts, links: links)
  }
}

extension Workload {
  fileprivate func enlarged(by factor: UInt64, _ kind: Host.Kind) throws -> Substrate {
    guard var substrate else {
      throw Problem(.invalid, "no-substrate", "The workload has no substrate.", remedy: "Take another file.")
    }
    for index in substrate.hosts.indices {
      substrate.hosts[index].kind = kind
      substrate.hosts[index].trunk = kind == .real ? "eth1" : nil
      substrate.hosts[index].cpu = Cores(thousandths: substrate.hosts[index].cpu.thousandths * factor)
    }
    for index in substrate.links.indices {
      substrate.links[index].rate = substrate.links[index].rate.map {
        Bitrate(bitsPerSecond: $0.bitsPerSecond * factor)
      }
    }
    return substrate
  }
}

/// Requests that are asked for again and again under other names.
enum BenchRequest {
  /// Two to four machines on one segment, in turn.
  static func small(_ number: Int) throws -> VirtualInfrastructure {
    let nodes = try (0..<(2 + number % 3)).map {
      Node(name: try Name(parsing: "n\($0)"), cpu: Cores(thousandths: 10), memory: ByteCount(bytes: 4 << 20))
    }
    let network = Network(
      name: try Name(parsing: "lan"), kind: .segment,
      endpoints: nodes.map { Endpoint(node: $0.name, interface: "eth0") },
      rate: RateRange(minimum: Bitrate(bitsPerSecond: 100_000)))
    return named(VirtualInfrastructure(name: try Name(parsing: "small"), nodes: nodes, networks: [network]), "small")
  }

  static func named(_ request: VirtualInfrastructure, _ name: String) -> VirtualInfrastructure {
    var request = request
    request.name = Name(name) ?? request.name
    // Workloads have nodes of no size, which files cannot ask for.
    for index in request.nodes.indices {
      request.nodes[index].cpu = max(request.nodes[index].cpu, Cores(thousandths: 1))
      request.nodes[index].memory = max(request.nodes[index].memory, ByteCount(bytes: 4 << 20))
    }
    request.lease = Lease(duration: .seconds(36_000))
    return request
  }
}
