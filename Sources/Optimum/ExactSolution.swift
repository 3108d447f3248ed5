import Embedding
import Infrastructure
import Quantities

/// An embedding with the proof of how good it is.
public struct ExactSolution: Hashable, Sendable {
  public var embedding: Embedding
  /// Core links crossed, each times the mean rate of both directions that it keeps, in bit/s.
  public var cost: Double
  /// No embedding costs less.
  public var bound: Double
  /// No embedding costs less than this one, to seven digits.
  public var isOptimal: Bool

  init(_ embedding: Embedding, of request: VirtualInfrastructure, bound: Double) {
    self.embedding = embedding
    cost = Self.cost(of: embedding, for: request)
    self.bound = min(bound, cost)
    isOptimal = cost - bound <= 1e-7 * max(1, cost)
  }

  /// How much further above the bound than that the cost may be, relative to the cost; 0 where it is optimal.
  public var gap: Double { cost > 0 ? (cost - bound) / cost : 0 }

  /// The cost of any embedding by the same measure: the sum over networks of the mean of both minimums times
  /// the number of core links crossed, in bit/s.
  public static func cost(of embedding: Embedding, for request: VirtualInfrastructure) -> Double {
    request.networks.reduce(0) { sum, network in
      guard let tree = embedding.trees[network.name] else { return sum }
      guard tree.paths.isEmpty else {
        return tree.paths.reduce(sum) {
          $0 + (Double($1.rate.bitsPerSecond) + Double($1.reverseRate.bitsPerSecond)) / 2 * Double($1.links.count)
        }
      }
      let rates = ExactProblem.rates(of: network)
      return sum + (Double(rates.forward) + Double(rates.backward)) / 2 * Double(tree.links.count)
    }
  }
}
