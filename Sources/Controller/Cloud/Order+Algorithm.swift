import Embedding

extension Order.BuildMode {
  /// The embedder that the algorithm's name asks for; nil is the usual one.
  var embedder: (any Embedder)? {
    guard algorithm != nil || seed != nil || budget != nil else { return nil }
    return SearchEmbedder(strategy: algorithm ?? .balance, seed: seed ?? 0, budget: max(1, budget ?? 60_000))
  }
}
