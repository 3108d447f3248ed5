import Algorithms
import Embedding
import Infrastructure
import Quantities

func name(_ text: String) -> Name {
  guard let name = Name(text) else { preconditionFailure("\(text) is no name") }
  return name
}

func mbit(_ rate: UInt64) -> Bitrate { Bitrate(bitsPerSecond: rate * 1_000_000) }
func mebibytes(_ count: UInt64) -> ByteCount { ByteCount(bytes: count << 20) }

func site(_ text: String, vlans: UInt16 = 100) -> Site {
  Site(name: name(text), vlans: VLANSet((100..<(100 + vlans)).compactMap { VLANID($0) }))
}

func host(_ text: String, _ site: String, cpu: UInt64 = 4, uplink: Bitrate? = nil) -> Host {
  Host(
    name: name(text), site: name(site), kind: .emulated, cpu: Cores(thousandths: cpu * 1000),
    memory: mebibytes(4096), uplink: uplink)
}

func link(_ a: String, _ b: String, _ rate: UInt64? = nil, ms: Int = 1) -> CoreLink {
  CoreLink(ends: Pair(name(a), name(b)), rate: rate.map(mbit), latency: .milliseconds(ms))
}

func node(_ text: String, cpu: UInt64 = 1, site: String? = nil, host: String? = nil) -> Node {
  Node(
    name: name(text), cpu: Cores(thousandths: cpu * 1000), memory: mebibytes(128), site: site.map(name),
    host: host.map(name))
}

func wire(
  _ text: String, _ a: String, _ b: String, _ rate: UInt64?, back: UInt64? = nil, latency: Duration? = nil
) -> Network {
  Network(
    name: name(text), kind: .wire, endpoints: [a, b].map { Endpoint(node: name($0), interface: "eth-\(text)") },
    rate: RateRange(minimum: rate.map(mbit)), reverseRate: back.map { RateRange(minimum: mbit($0)) },
    maximumLatency: latency)
}

func segment(_ text: String, _ nodes: [String], _ rate: UInt64?, latency: Duration? = nil) -> Network {
  Network(
    name: name(text), kind: .segment, endpoints: nodes.map { Endpoint(node: name($0), interface: "eth-\(text)") },
    rate: RateRange(minimum: rate.map(mbit)), maximumLatency: latency)
}

func infrastructure(
  _ nodes: [Node], _ networks: [Network] = [], _ rules: [PlacementRule] = []
) -> VirtualInfrastructure {
  VirtualInfrastructure(name: name("lab"), nodes: nodes, networks: networks, rules: rules)
}

/// The tests' seeded numbers.
typealias SeededGenerator = SplitMix64
