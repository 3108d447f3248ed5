import Embedding
import Infrastructure
import Quantities

/// An admission's ports by node, with look-ups that say what is missing.
struct PortTable {
  struct Port {
    /// Position of its network in the infrastructure.
    var network: Int
    var endpoint: Endpoint
    var mac: MACAddress
  }

  let admission: Admission
  /// In the order of nodes; each node's ports in natural order of interface (`eth2` before `eth10`).
  let ofNode: [[Port]]

  init(_ admission: Admission) throws(Problem) {
    self.admission = admission
    guard (1...32767).contains(admission.number) else {
      throw Disagreement.problem(
        admission.infrastructure.name, "its number \(admission.number) is outside 1 ... 32767")
    }
    let nodes = admission.infrastructure.nodes
    let index = Dictionary(nodes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { a, _ in a })
    var table = Array(repeating: [Port](), count: nodes.count)
    for (number, network) in admission.infrastructure.networks.enumerated() {
      for endpoint in network.endpoints {
        guard let node = index[endpoint.node] else {
          throw Disagreement.problem(
            admission.infrastructure.name,
            "network \(network.name) has an endpoint at no node: \(endpoint.node)")
        }
        table[node].append(Port(network: number, endpoint: endpoint, mac: try Self.mac(of: endpoint, admission)))
      }
    }
    for node in table.indices where table[node].count > 1 {
      table[node].sort { InterfaceOrder($0.endpoint.interface) < InterfaceOrder($1.endpoint.interface) }
    }
    ofNode = table
  }

  /// A locally administered unicast address (IEEE 802 section 8.4), unique by construction: `02:56`, two
  /// octets of the infrastructure's number, two of the port's.
  private static func mac(of endpoint: Endpoint, _ admission: Admission) throws(Problem) -> MACAddress {
    guard let port = admission.portNumbers.number(of: endpoint.node, endpoint.interface) else {
      throw Disagreement.problem(
        admission.infrastructure.name, "port \(endpoint.node):\(endpoint.interface) has no number")
    }
    return MACAddress(rawValue: 0x0256 << 32 | UInt64(admission.number) << 16 | UInt64(port))
  }

  func host(of node: Name) throws(Problem) -> Name {
    guard let host = admission.embedding.placement[node] else {
      throw Disagreement.problem(admission.infrastructure.name, "node \(node) has no host")
    }
    return host
  }

  func tree(of network: Network) throws(Problem) -> NetworkTree {
    guard let tree = admission.embedding.trees[network.name] else {
      throw Disagreement.problem(admission.infrastructure.name, "network \(network.name) has no tree")
    }
    return tree
  }

  func number(of network: Name) throws(Problem) -> UInt32 {
    guard let number = admission.networkNumbers[network] else {
      throw Disagreement.problem(admission.infrastructure.name, "network \(network) has no number")
    }
    return number
  }

  func vlan(of network: Name, at site: Name) throws(Problem) -> VLANID {
    guard let vlan = admission.vlans[network]?[site] else {
      throw Disagreement.problem(admission.infrastructure.name, "network \(network) has no VLAN at site \(site)")
    }
    return vlan
  }
}

/// Interface names by their text, then by the number at their end.
struct InterfaceOrder: Comparable {
  private let stem: Substring
  private let number: UInt64
  private let whole: String

  init(_ interface: String) {
    let digits = interface.utf8.reversed().prefix { (48...57).contains($0) }.count
    stem = interface.dropLast(digits)
    number = UInt64(interface.suffix(digits)) ?? 0
    whole = interface
  }

  static func < (a: InterfaceOrder, b: InterfaceOrder) -> Bool {
    (a.stem, a.number, a.whole) < (b.stem, b.number, b.whole)
  }
}

/// An admission that does not agree with itself or with the substrate: stored state was damaged or a
/// substrate file was changed under running infrastructures.
enum Disagreement {
  static func problem(_ infrastructure: Name, _ what: String) -> Problem {
    Problem(
      .failed, "admission-disagrees", "infrastructure \(infrastructure) cannot be planned: \(what)",
      remedy: "Put the substrate file back as it was, or take the infrastructure down.")
  }
}
