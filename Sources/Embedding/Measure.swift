import Infrastructure
import Quantities

/// What requests bring in and what their embeddings take, the measures of the field (M. Yu, Y. Yi, J. Rexford and
/// M. Chiang, *Rethinking Virtual Network Embedding*, CCR 2008; A. Fischer et al., *Virtual Network Embedding: A
/// Survey*, IEEE Communications Surveys & Tutorials 2013).
public enum Measure {
  /// Cores of all nodes, and Mbit/s of all networks: of a wire the mean of both directions, of a segment its rate
  /// for every member but one.
  public static func revenue(of request: VirtualInfrastructure) -> Double {
    request.networks.reduce(cores(of: request)) { sum, network in
      sum + rate(of: network) * Double(max(1, network.endpoints.count - 1))
    }
  }

  /// Cores of all nodes, and Mbit/s of all networks for every core link that they take.
  ///
  /// - Parameter crossings: Core links that a network takes.
  public static func cost(of request: VirtualInfrastructure, crossings: (Name) -> Int) -> Double {
    request.networks.reduce(cores(of: request)) { sum, network in
      sum + rate(of: network) * Double(crossings(network.name))
    }
  }

  /// What the operator's prices come to for an hour: cores by `Host.price`, Gbit/s by `CoreLink.price`.
  public static func price(of embedding: Embedding, _ request: VirtualInfrastructure, on view: SubstrateView) -> Double
  {
    let substrate = view.substrate
    let nodes = request.nodes.reduce(0.0) { sum, node in
      guard let host = embedding.placement[node.name].flatMap(view.hostIndex) else { return sum }
      return sum + Double(node.cpu.thousandths) / 1000 * Double(substrate.hosts[host].price)
    }
    return request.networks.reduce(nodes) { sum, network in
      let links = embedding.trees[network.name]?.links.filter(substrate.links.indices.contains) ?? []
      return sum + rate(of: network) / 1000 * links.reduce(0.0) { $0 + Double(substrate.links[$1].price) }
    }
  }

  private static func cores(of request: VirtualInfrastructure) -> Double {
    request.nodes.reduce(0) { $0 + Double($1.cpu.thousandths) / 1000 }
  }

  private static func rate(of network: Network) -> Double {
    (Double(network.minimum) + Double(network.reverseMinimum)) / 2e6
  }
}
