import CommandLine
import Embedding
import Quantities

/// How room is looked for.
struct AlgorithmOptions: ParameterGroup {
  @Option(value: "NAME", help: "what embeddings should be good at") var algorithm: Strategy = .balance
  @Option(value: "NUMBER", help: "seed of the search; the same seed gives the same answer") var seed: Int = 0
  @Option(value: "STEPS", help: "work to spend on one request at most") var budget: Int = 60_000

  @Flag(help: "lead a wire over several paths where no single one carries it; can be planned, not built")
  var splitPaths: Bool

  func embedder() throws -> any Embedder {
    guard budget > 0 else {
      throw Problem(
        .invalid, "bad-value", "A budget of \(budget) steps finds nothing.", remedy: "Give a positive number.")
    }
    return SearchEmbedder(
      strategy: algorithm, seed: UInt64(bitPattern: Int64(seed)), budget: budget,
      splitsPaths: splitPaths)
  }
}

extension Strategy: ArgumentValue {}
