import CommandLine
import Embedding
import Quantities

/// How room is looked for.
struct AlgorithmOptions: ParameterGroup {
  @Option(value: "NAME", help: "what embeddings should be good at") var algorithm: Strategy = .balance
  @Option(value: "NUMBER", help: "seed of the search; the same seed gives the same answer") var seed: Int = 0
  @Option(value: "STEPS", help: "work to spend on one request at most") var budget: Int = 60_000

  /// The search that these options ask for.
  func embedder(splitsPaths: Bool = false) throws -> any Embedder {
    guard budget > 0 else {
      throw Problem(
        .invalid, "bad-value", "A budget of \(budget) steps finds nothing.", remedy: "Give a positive number.")
    }
    return SearchEmbedder(
      strategy: algorithm, seed: UInt64(bitPattern: Int64(seed)), budget: budget,
      splitsPaths: splitsPaths)
  }
}

extension Strategy: ArgumentValue {}
