import API
import Client
import Controller
import Embedding
import Glibc
import Infrastructure
import Quantities

/// Says where a request would go, without building it: asks the controller where one answers, else looks itself.
struct RequestPlanner {
  private let cloud: CloudOptions
  private let algorithm: AlgorithmOptions
  private let build: BuildOptions

  init(_ cloud: CloudOptions, _ algorithm: AlgorithmOptions, _ build: BuildOptions = BuildOptions()) {
    (self.cloud, self.algorithm, self.build) = (cloud, algorithm, build)
  }

  /// The proposal on what is there now; nothing is held.
  ///
  /// - Throws: `RefusedWithOffers`, `Problem`.
  func propose(_ request: VirtualInfrastructure) throws -> ProposalDocument {
    if let client = try cloud.reader() as? CloudClient {
      return try client.propose(algorithm.order(for: request, build))
    }
    return try ProposalDocument(here(request, algorithm.embedder()))
  }

  /// The proposal of an embedder of one's own, on what is there now; nothing is held.
  func here(
    _ request: VirtualInfrastructure, on substrate: Substrate? = nil, _ embedder: any Embedder
  ) throws -> Proposal {
    guard !cloud.access.isRemote || substrate != nil else {
      throw Problem(
        .invalid, "not-remote", "Who else holds what is not known here, so that choice cannot be planned here.",
        remedy: "Leave out --exact, --split-paths, --seed and --budget, or plan on a file with --substrate.")
    }
    do {
      return try Controller.propose(request, in: cloud.installation(), on: substrate, embedder: embedder)
    } catch let declined as Declined { throw RefusedWithOffers(declined) }
  }
}

extension RefusedWithOffers {
  init(_ declined: Declined) {
    let document = ProblemDocument(declined)
    self.init(problem: declined.problem, offers: document.offers ?? [])
  }
}
