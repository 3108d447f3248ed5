import CGLPK
import Synchronization

extension LinearProgram {
  /// GLPK keeps one environment for a thread at best and one for the process at worst (GLPK reference manual,
  /// appendix on reentrancy): one program at a time.
  private static let turn = Mutex(())

  /// Solves the program by the simplex method, and by branch and bound where it has integer columns.
  ///
  /// Other calls wait meanwhile, also those on other threads.
  ///
  /// - Parameters:
  ///   - limit: Of the time spent, apart from waiting; to the millisecond.
  ///   - gap: A solution this close to the bound, relative to it, is good enough; 0 is only the best.
  ///   - columns: Integer columns on which to branch before all others.
  public func solve(
    within limit: Duration = .seconds(60), gap: Double = 0, branchingFirstOn columns: [Column] = []
  ) -> LinearAnswer {
    Self.turn.withLock { _ in
      // Nothing of GLPK's may outlive the turn: its environment belongs to the thread.
      defer { glp_free_env() }
      glp_term_out(GLP_OFF)
      let solver = Solver(self)
      return solver.run(until: .now + limit, gap, columns.map(\.number))
    }
  }
}

/// A program inside GLPK.
private struct Solver: ~Copyable {
  private let problem: OpaquePointer
  private let isInteger: Bool
  private let count: Int

  init(_ program: LinearProgram) {
    problem = glp_create_prob()
    isInteger = program.variables.contains(where: \.isInteger)
    count = program.variables.count
    glp_set_obj_dir(problem, program.sense == .minimise ? GLP_MIN : GLP_MAX)
    if count > 0 { glp_add_cols(problem, Int32(count)) }
    for (number, variable) in program.variables.enumerated() {
      let column = Int32(number + 1)
      let (kind, low, high) = Self.bounds(variable.bounds)
      glp_set_col_bnds(problem, column, kind, low, high)
      glp_set_obj_coef(problem, column, variable.cost)
      if variable.isInteger { glp_set_col_kind(problem, column, GLP_IV) }
    }
    if !program.rows.isEmpty { glp_add_rows(problem, Int32(program.rows.count)) }
    for (number, row) in program.rows.enumerated() {
      let (kind, low, high) = Self.bounds(row.bounds)
      glp_set_row_bnds(problem, Int32(number + 1), kind, low, high)
      // Arrays of GLPK begin at 1. Sorted, so that the same program is always solved alike.
      let terms = row.terms.sorted { $0.key < $1.key }
      glp_set_mat_row(
        problem, Int32(number + 1), Int32(terms.count), [0] + terms.map { Int32($0.key + 1) },
        [0] + terms.map(\.value))
    }
  }

  deinit { glp_delete_prob(problem) }

  private static func bounds(_ range: ClosedRange<Double>) -> (kind: Int32, low: Double, high: Double) {
    let (low, high) = (range.lowerBound, range.upperBound)
    switch (low.isFinite, high.isFinite) {
    case (false, false): return (GLP_FR, 0, 0)
    case (true, false): return (GLP_LO, low, 0)
    case (false, true): return (GLP_UP, 0, high)
    case (true, true): return (low == high ? GLP_FX : GLP_DB, low, high)
    }
  }

  borrowing func run(until deadline: ContinuousClock.Instant, _ gap: Double, _ first: [Int]) -> LinearAnswer {
    let answer = relax(until: deadline)
    guard isInteger, case .optimal(let relaxed) = answer else { return answer }
    return branch(until: deadline, gap, first, relaxed.objective)
  }

  private static func milliseconds(until deadline: ContinuousClock.Instant) -> Int32 {
    let (seconds, attoseconds) = ContinuousClock.now.duration(to: deadline).components
    return Int32(clamping: max(1, min(seconds, 1 << 30) * 1000 + attoseconds / 1_000_000_000_000_000))
  }

  /// The program without its integer bounds.
  private borrowing func relax(until deadline: ContinuousClock.Instant) -> LinearAnswer {
    var settings = glp_smcp()
    glp_init_smcp(&settings)
    settings.msg_lev = GLP_MSG_OFF
    // With costs of one sign the slack basis is dual feasible, and the first phase has nothing to do.
    settings.meth = GLP_DUALP
    settings.tm_lim = Self.milliseconds(until: deadline)
    glp_scale_prob(problem, GLP_SF_AUTO)
    glp_std_basis(problem)
    let code = glp_simplex(problem, &settings)
    if code == GLP_ETMLIM { return .exhausted(bound: nil) }
    guard code == 0 else { return code == GLP_EBOUND ? .infeasible : .failed(code) }
    switch glp_get_status(problem) {
    case GLP_OPT:
      return .optimal(
        LinearSolution(
          objective: glp_get_obj_val(problem), values: values { glp_get_col_prim(problem, $0) }))
    case GLP_NOFEAS: return .infeasible
    case GLP_UNBND: return .unbounded
    default: return .failed(GLP_EFAIL)
    }
  }

  private borrowing func branch(
    until deadline: ContinuousClock.Instant, _ gap: Double, _ first: [Int], _ relaxed: Double
  ) -> LinearAnswer {
    let progress = Progress(first.map { Int32($0 + 1) }, bound: relaxed)
    var settings = glp_iocp()
    glp_init_iocp(&settings)
    settings.msg_lev = GLP_MSG_OFF
    settings.tm_lim = Self.milliseconds(until: deadline)
    settings.mip_gap = gap
    settings.cb_func = { tree, info in
      guard let tree, let info else { return }
      Unmanaged<Progress>.fromOpaque(info).takeUnretainedValue().step(tree)
    }
    let code = withExtendedLifetime(progress) {
      settings.cb_info = Unmanaged.passUnretained(progress).toOpaque()
      return glp_intopt(problem, &settings)
    }
    guard [0, GLP_ETMLIM, GLP_EMIPGAP].contains(code) else { return .failed(code) }
    switch glp_mip_status(problem) {
    case GLP_OPT: return .optimal(solution)
    case GLP_FEAS: return .feasible(solution, bound: progress.bound)
    case GLP_NOFEAS: return .infeasible
    default: return code == 0 ? .infeasible : .exhausted(bound: progress.bound)
    }
  }

  private var solution: LinearSolution {
    borrowing get {
      LinearSolution(objective: glp_mip_obj_val(problem), values: values { glp_mip_col_val(problem, $0) })
    }
  }

  private borrowing func values(_ value: (Int32) -> Double) -> [Double] {
    (0..<count).map { value(Int32($0 + 1)) }
  }
}

/// What GLPK's branch and bound tells, and what it asks.
private final class Progress {
  private let first: [Int32]
  private(set) var bound: Double

  init(_ first: [Int32], bound: Double) {
    self.first = first
    self.bound = bound
  }

  func step(_ tree: OpaquePointer) {
    switch glp_ios_reason(tree) {
    case GLP_ISELECT:
      let node = glp_ios_best_node(tree)
      if node != 0 { bound = glp_ios_node_bound(tree, node) }
    case GLP_IBRANCH: choose(tree)
    default: break
    }
  }

  /// Branches on that of the first columns which is most undecided; GLPK's own rule where all are whole.
  private func choose(_ tree: OpaquePointer) {
    let problem = glp_ios_get_prob(tree)
    var best: (column: Int32, distance: Double)?
    for column in first where glp_ios_can_branch(tree, column) != 0 {
      let value = glp_get_col_prim(problem, column)
      let distance = abs(value - value.rounded(.down) - 0.5)
      if distance < best?.distance ?? .infinity { best = (column, distance) }
    }
    if let best { glp_ios_branch_upon(tree, best.column, GLP_UP_BRNCH) }
  }
}
