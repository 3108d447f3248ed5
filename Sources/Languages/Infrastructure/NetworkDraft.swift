import Infrastructure
import Quantities

/// A segment or a wire while it is read: interfaces, addresses and gateways are filled in one after another.
struct NetworkDraft {
  struct Endpoint {
    /// Index of the node.
    var node: Int
    /// As written; then, for every endpoint, as assigned.
    var interface: String?
    /// As written, without prefix length.
    var wishes: [IPAddress]
    var mark: Mark
    var addresses: [IPPrefix] = []
    var gateways: [IPAddress] = []
  }

  enum GatewayWish {
    /// The only router among the members.
    case automatic
    case none
    case node(String, Mark)
  }

  var name: Name
  var kind: Network.Kind
  var mark: Mark
  var endpoints: [Endpoint] = []
  var prefixes: [IPPrefix] = []
  /// Where the prefixes stand.
  var prefixMark: Mark
  var rate = RateRange()
  var reverseRate: RateRange?
  var maximumLatency: Duration?
  var mtu: Int?
  var type = WireType.auto
  var impairment = Impairment()
  var portGuard: PortGuard?
  var labels: [String: String] = [:]
  var gateway = GatewayWish.automatic

  var subject: String { (kind == .segment ? "Segment" : "Wire") + " '\(name)'" }

  func network(_ nodes: NodeSection) -> Network {
    Network(
      name: name, kind: kind,
      endpoints: endpoints.map { endpoint in
        Infrastructure.Endpoint(
          node: nodes.drafts[endpoint.node].name, interface: endpoint.interface ?? "", addresses: endpoint.addresses,
          gateways: endpoint.gateways)
      }, prefixes: prefixes, rate: rate, reverseRate: reverseRate, maximumLatency: maximumLatency, mtu: mtu,
      type: type, impairment: impairment, portGuard: portGuard, labels: labels)
  }
}
