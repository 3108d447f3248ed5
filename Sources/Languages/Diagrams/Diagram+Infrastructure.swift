import Infrastructure
import Quantities

extension Diagram {
  /// A virtual infrastructure: machines, routers, segments, and the wires between nodes with their rates.
  public init(_ infrastructure: VirtualInfrastructure) {
    self.init(title: "Virtual infrastructure \(infrastructure.name)")
    let positions = addNodes(infrastructure)
    for (index, network) in infrastructure.networks.enumerated() {
      let colour = DiagramColour.number(index)
      let ends = network.endpoints.map { (position: positions[$0.node], interface: $0.interface) }
      if network.kind == .wire, ends.count == 2, let from = ends[0].position, let to = ends[1].position {
        edges.append(Edge(from: from, to: to, label: DiagramText.network(network), colours: [colour]))
        continue
      }
      let segment = add(Node(label: DiagramText.network(network), shape: .segment))
      for case (let position?, let interface) in ends {
        edges.append(Edge(from: segment, to: position, label: interface, colours: [colour]))
      }
    }
  }

  private mutating func addNodes(_ infrastructure: VirtualInfrastructure) -> [Name: Int] {
    var positions: [Name: Int] = [:]
    for node in infrastructure.nodes {
      let cores = "\(node.cpu) \(node.cpu.thousandths == 1000 ? "core" : "cores"), \(node.memory)"
      positions[node.name] = add(Node(label: "\(node.name)\n\(cores)", shape: Shape(node.kind)))
    }
    return positions
  }
}

extension Diagram.Shape {
  /// A node's.
  init(_ kind: Infrastructure.Node.Kind) {
    switch kind {
    case .machine: self = .machine
    case .router: self = .router
    }
  }
}
