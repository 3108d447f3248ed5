import Embedding
import Infrastructure
import Quantities

/// Finds the cheapest embedding there is, by an integer program (`ExactModel`), and proves it: a reference for
/// small cases, with which other embedders are compared.
///
/// The cost is the sum over networks of the mean of both minimums times the number of core links crossed. What
/// `SearchEmbedder` finds first bounds the cost from above.
public struct ExactEmbedder: Embedder {
  /// Time that one request may take, apart from waiting for other exact searches of this process.
  public var timeLimit: Duration
  /// An answer this close to the bound, relative to it, is good enough; 0 is only the best.
  public var gap: Double
  /// Wires without a bound of latency may be split over several paths, both directions in the same shares.
  public var splitsWires: Bool
  /// Most columns of a program; larger ones are refused.
  static let largest = 120_000

  public init(timeLimit: Duration = .seconds(30), gap: Double = 0, splitsWires: Bool = false) {
    self.timeLimit = timeLimit
    self.gap = gap
    self.splitsWires = splitsWires
  }

  /// The search: an exact answer takes too long to be asked for often.
  public var quick: any Embedder { SearchEmbedder() }

  /// - Throws: As the protocol says; where there is provably no embedding the problem's code is `infeasible`, where
  ///   time ran out before one was found `time-out`, where the program would be too large `too-large`.
  public func place(
    _ request: VirtualInfrastructure, on view: SubstrateView, keeping: Embedding?
  ) throws(Refusal) -> Embedding {
    try search(request, on: view, keeping: keeping).embedding
  }

  /// As `embed`, with the proof.
  ///
  /// - Throws: `.refused` with code `infeasible`, `time-out` or `too-large`; `.notFound` or `.invalid` for what the
  ///   request names wrongly; `.failed` with code `exact-search-failed` where GLPK gives up.
  public func solve(
    _ request: VirtualInfrastructure, on view: SubstrateView, keeping: Embedding? = nil
  ) throws(Problem) -> ExactSolution {
    do throws(Refusal) { return try search(request, on: view, keeping: keeping) } catch { throw error.problem }
  }

  private func search(
    _ request: VirtualInfrastructure, on view: SubstrateView, keeping: Embedding?
  ) throws(Refusal) -> ExactSolution {
    let deadline = ContinuousClock.now + timeLimit
    let first = try guess(request, view, keeping)
    if case .success(let embedding) = first, ExactSolution.cost(of: embedding, for: request) == 0 {
      return ExactSolution(embedding, of: request, bound: 0)
    }
    let problem = ExactProblem(request, on: view, keeping: keeping)
    guard problem.columns <= Self.largest else { throw Refusal.tooLarge(request, columns: problem.columns) }
    var model = ExactModel(problem, isSplitting: splitsWires)
    if case .success(let embedding) = first {
      model.limitCost(to: ExactSolution.cost(of: embedding, for: request))
    }
    switch try run(&model, until: deadline) {
    case .found(let embedding, let bound):
      let faults = EmbeddingCheck.violations(of: embedding, for: request, on: view)
      if faults.isEmpty { return ExactSolution(embedding, of: request, bound: bound) }
      guard splitsWires else { throw Refusal.wrong(request, faults[0]) }
      return try rounded(problem, first, bound: bound, faults[0], until: deadline)
    case .exhausted(let bound):
      guard case .success(let embedding) = first else { throw Refusal.timeOut(request, timeLimit, bound: bound) }
      return ExactSolution(embedding, of: request, bound: bound)
    case .infeasible:
      guard case .failure(let refusal) = first else {
        throw Refusal.failed(request, "the program excludes an embedding that is right")
      }
      throw Refusal.infeasible(request, view.substrate, refusal)
    }
  }

  /// Where the shares of split wires do not add up once they are whole bit/s: once more with a millionth of every
  /// link kept back, then without splitting.
  private func rounded(
    _ problem: ExactProblem, _ first: Result<Embedding, Refusal>, bound: Double, _ fault: String,
    until deadline: ContinuousClock.Instant
  ) throws(Refusal) -> ExactSolution {
    for (isSplitting, spare) in [(true, 1e-6), (false, 0)] {
      var model = ExactModel(problem, isSplitting: isSplitting, spare: spare)
      guard case .found(let embedding, _) = try run(&model, until: deadline),
        EmbeddingCheck.violations(of: embedding, for: problem.request, on: problem.view).isEmpty
      else { continue }
      return ExactSolution(embedding, of: problem.request, bound: bound)
    }
    guard case .success(let embedding) = first else { throw Refusal.wrong(problem.request, fault) }
    return ExactSolution(embedding, of: problem.request, bound: bound)
  }

  /// What the search finds, or why it does not; it is thrown where the request itself is wrong.
  private func guess(
    _ request: VirtualInfrastructure, _ view: SubstrateView, _ keeping: Embedding?
  ) throws(Refusal) -> Result<Embedding, Refusal> {
    do throws(Refusal) {
      let embedding = try SearchEmbedder().place(request, on: view, keeping: keeping)
      let faults = EmbeddingCheck.violations(of: embedding, for: request, on: view)
      guard faults.isEmpty else { throw Refusal.wrong(request, faults[0]) }
      return .success(embedding)
    } catch {
      guard error.problem.kind == .refused else { throw error }
      return .failure(error)
    }
  }

  private enum Outcome {
    /// None costs less than `bound`, in bit/s.
    case found(Embedding, bound: Double)
    case exhausted(bound: Double)
    case infeasible
  }

  private func run(_ model: inout ExactModel, until deadline: ContinuousClock.Instant) throws(Refusal) -> Outcome {
    let request = model.problem.request
    let placing = model.choices.flatMap { $0.sorted { $0.key < $1.key }.map(\.value) }
    while true {
      let left = ContinuousClock.now.duration(to: deadline)
      let solution: LinearSolution
      let bound: Double
      switch model.program.solve(within: max(left, .milliseconds(1)), gap: gap, branchingFirstOn: placing) {
      case .optimal(let best): (solution, bound) = (best, best.objective)
      case .feasible(let best, let limit): (solution, bound) = (best, limit)
      case .exhausted(let limit): return .exhausted(bound: (limit ?? 0) * model.scale)
      case .infeasible: return .infeasible
      case .unbounded: throw Refusal.failed(request, "the program has no limit")
      case .failed(let code): throw Refusal.failed(request, "GLPK gave up with code \(code)")
      }
      if model.cut(solution) { continue }
      guard let embedding = model.embedding(solution) else {
        throw Refusal.failed(request, "the program's solution does not join all that it should")
      }
      return .found(embedding, bound: bound * model.scale)
    }
  }
}
