import Client
import CommandLine
import Embedding
import Infrastructure
import Languages
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

  /// Only its name matters: a controller can do the same.
  var isPlain: Bool { seed == 0 && budget == 60_000 }

  /// The order to build a request, which goes with everything that belongs to it.
  func order(for request: VirtualInfrastructure, _ build: BuildOptions) throws -> CloudOrder {
    // Says what is wrong with them.
    _ = try embedder()
    return .build(
      request.name, file: InfrastructureWriter.text(request),
      mode: .init(
        algorithm: algorithm.rawValue, seed: seed == 0 ? nil : seed, budget: budget == 60_000 ? nil : budget,
        project: build.project, restartsElsewhere: build.restart == .elsewhere))
  }
}

extension Strategy: ArgumentValue {}
