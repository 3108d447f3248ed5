import Infrastructure
import Quantities

/// One interface of one node, for tables: what `virtcloud plan` and `virtcloud show` tell.
///
/// A node without interfaces has one row with the interface's columns nil.
public struct NodeRow: Codable, Hashable, Sendable {
  public var node: Name
  public var kind: Node.Kind
  public var host: Name
  public var site: Name?
  public var interface: String?
  public var mac: MACAddress?
  public var addresses: [IPPrefix]
  public var network: Name?
  /// At the site of the node's host; nil where the network stays on one host.
  public var vlan: VLANID?
}

extension NodeRow {
  /// The rows of an admission by the order of nodes and interfaces.
  ///
  /// - Throws: `Problem` of kind `.failed` where the admission does not agree with itself.
  public static func rows(of admission: Admission, on substrate: Substrate) throws(Problem) -> [NodeRow] {
    let ports = try PortTable(admission)
    let sites = Dictionary(substrate.hosts.map { ($0.name, $0.site) }, uniquingKeysWith: { a, _ in a })
    var rows: [NodeRow] = []
    for (index, node) in admission.infrastructure.nodes.enumerated() {
      let host = try ports.host(of: node.name)
      let base = NodeRow(node: node.name, kind: node.kind, host: host, site: sites[host], addresses: [])
      if ports.ofNode[index].isEmpty { rows.append(base) }
      for port in ports.ofNode[index] {
        let network = admission.infrastructure.networks[port.network].name
        var row = base
        row.interface = port.endpoint.interface
        row.mac = port.mac
        row.addresses = port.endpoint.addresses
        row.network = network
        row.vlan = sites[host].flatMap { admission.vlans[network]?[$0] }
        rows.append(row)
      }
    }
    return rows
  }
}
