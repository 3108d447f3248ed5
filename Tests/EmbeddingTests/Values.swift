import Algorithms
import Infrastructure
import Quantities

func name(_ text: String) -> Name {
  guard let name = Name(text) else { preconditionFailure("\(text) is no name") }
  return name
}

func vlans(_ range: ClosedRange<UInt16>) -> VLANSet { VLANSet(range.compactMap { VLANID($0) }) }
func mbit(_ rate: UInt64) -> Bitrate { Bitrate(bitsPerSecond: rate * 1_000_000) }
func mebibytes(_ count: UInt64) -> ByteCount { ByteCount(bytes: count << 20) }

func site(_ text: String) -> Site { Site(name: name(text), vlans: vlans(100...199)) }

func host(
  _ text: String, _ site: String, cpu: UInt64 = 4, memory: UInt64 = 4096, uplink: Bitrate? = nil
) -> Host {
  Host(
    name: name(text), site: name(site), kind: .emulated, cpu: Cores(thousandths: cpu * 1000),
    memory: mebibytes(memory), uplink: uplink)
}

func link(_ a: String, _ b: String, _ rate: Bitrate? = nil, ms: Int = 1) -> CoreLink {
  CoreLink(ends: Pair(name(a), name(b)), rate: rate, latency: .milliseconds(ms))
}

func node(
  _ text: String, cpu: UInt64 = 1, memory: UInt64 = 128, site: String? = nil, host: String? = nil
) -> Node {
  Node(
    name: name(text), cpu: Cores(thousandths: cpu * 1000), memory: mebibytes(memory), site: site.map(name),
    host: host.map(name))
}

func network(
  _ text: String, _ nodes: [String], _ kind: Network.Kind = .segment, minimum: Bitrate? = nil,
  latency: Duration? = nil
) -> Network {
  Network(
    name: name(text), kind: kind, endpoints: nodes.map { Endpoint(node: name($0), interface: "eth-\(text)") },
    rate: RateRange(minimum: minimum), maximumLatency: latency)
}

func infrastructure(_ nodes: [Node], _ networks: [Network] = []) -> VirtualInfrastructure {
  VirtualInfrastructure(name: name("lab"), nodes: nodes, networks: networks)
}

/// Three sites in a triangle, two hosts each.
let triangle = Substrate(
  name: name("metacenter"), sites: ["brno", "prague", "pilsen"].map(site),
  hosts: [
    host("brno-1", "brno", uplink: mbit(1000)), host("brno-2", "brno", uplink: mbit(1000)),
    host("prague-1", "prague", uplink: mbit(1000)), host("prague-2", "prague", uplink: mbit(1000)),
    host("pilsen-1", "pilsen", uplink: mbit(1000)), host("pilsen-2", "pilsen", uplink: mbit(1000)),
  ],
  links: [
    link("brno", "prague", mbit(1000), ms: 2), link("prague", "pilsen", mbit(1000), ms: 1),
    link("brno", "pilsen", mbit(1000), ms: 4),
  ])

/// The tests' seeded numbers.
typealias SeededGenerator = SplitMix64
