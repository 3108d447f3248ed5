import Infrastructure
import Quantities
public enum InfrastructureReader { public static func read(text: [UInt8], file: String, environment: [String: String]) throws(Problem) -> VirtualInfrastructure {
  let n = Int(String(decoding: text, as: UTF8.self).filter(\.isNumber)) ?? 2
  let nodes = (1...n).map { Node(name: Name("w\($0)")!, cpu: Cores(thousandths: 1), memory: ByteCount(bytes: 16 << 20)) }
  let p = try IPPrefix(parsing: "10.1.0.0/16")
  let eps = nodes.enumerated().map { Endpoint(node: $0.element.name, interface: "eth0", addresses: [IPPrefix(address: p.network.advanced(by: UInt128($0.offset + 1)), length: 16)]) }
  return VirtualInfrastructure(name: Name("bench")!, nodes: nodes, networks: [Network(name: Name("lan")!, kind: .segment, endpoints: eps, prefixes: [p])])
} }
public enum SubstrateReader { public static func read(text: [UInt8], file: String, environment: [String: String]) throws(Problem) -> Substrate { fatalError() } }
