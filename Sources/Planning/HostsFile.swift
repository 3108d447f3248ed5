import Infrastructure
import Quantities

/// The text of `/etc/hosts` (hosts(5)) that all machines of an infrastructure share.
enum HostsFile {
  /// `ADDRESS NODE NODE.INFRASTRUCTURE` for each node in the order of the file: its first address of each
  /// family, by order of interface; IPv4 first.
  static func text(for infrastructure: VirtualInfrastructure, _ ports: PortTable) -> String {
    var text = ""
    text.reserveCapacity(infrastructure.nodes.count * 48)
    for (index, node) in infrastructure.nodes.enumerated() {
      let addresses = ports.ofNode[index].lazy.flatMap { $0.endpoint.addresses.map(\.address) }
      for address in [addresses.first(where: \.isV4), addresses.first { !$0.isV4 }] {
        guard let address else { continue }
        text += "\(address) \(node.name) \(node.name).\(infrastructure.name)\n"
      }
    }
    return text
  }
}
