import Optimum
import Testing

@Suite struct LinearProgramTests {
  private func optimum(_ answer: LinearAnswer) -> LinearSolution? {
    guard case .optimal(let solution) = answer else { return nil }
    return solution
  }

  private func isClose(_ a: Double?, _ b: Double) -> Bool { a.map { abs($0 - b) < 1e-6 } ?? false }

  /// G. B. Dantzig's way of writing it: maximise 3x + 5y, x <= 4, 2y <= 12, 3x + 2y <= 18 (Hillier and Lieberman,
  /// *Introduction to Operations Research*, section 3.1): x = 2, y = 6.
  @Test func aTextbookProgram() throws {
    var program = LinearProgram(.maximise)
    let x = program.addColumn(in: 0...4, cost: 3)
    let y = program.addColumn(cost: 5)
    program.addRow([.init(y, 2)], atMost: 12)
    program.addRow([.init(x, 3), .init(y, 2)], atMost: 18)
    #expect(program.size == (2, 2))
    let solution = try #require(optimum(program.solve()))
    #expect(isClose(solution.objective, 36) && isClose(solution[x], 2) && isClose(solution[y], 6))
  }

  @Test func rowsOfEverySort() throws {
    var program = LinearProgram()
    let x = program.addColumn(in: -.infinity ... .infinity, cost: 1)
    let y = program.addColumn(in: -.infinity...3, cost: -1)
    let z = program.addColumn(in: 2...2, cost: 10)
    program.addRow([.init(x), .init(z)], atLeast: -5)
    program.addRow([.init(y), .init(x), .init(x), .init(x, -2)], equal: 1)
    program.addRow([.init(x)], in: -6...9)
    let solution = try #require(optimum(program.solve()))
    #expect(isClose(solution[x], -6) || isClose(solution[x], -7 + 1))
    #expect(isClose(solution[y], 1) && isClose(solution[z], 2) && isClose(solution.objective, 13))
  }

  @Test func whatHasNoAnswer() {
    var program = LinearProgram()
    let x = program.addColumn(cost: -1)
    #expect(program.solve() == .unbounded)
    program.addRow([.init(x)], atMost: -1)
    #expect(program.solve() == .infeasible)
    var whole = LinearProgram()
    let choice = whole.addChoice()
    whole.addRow([.init(choice, 2)], equal: 1)
    #expect(whole.solve() == .infeasible)
    #expect(optimum(LinearProgram().solve())?.values == [])
    var empty = LinearProgram()
    empty.addRow([], equal: 1)
    #expect(empty.solve() == .infeasible)
  }

  /// Knapsacks against all subsets.
  @Test(arguments: 0..<40) func knapsacks(seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    let items = (0..<10).map { _ in
      (value: Int.random(in: 1...40, using: &random), weight: Int.random(in: 1...30, using: &random))
    }
    let limit = Int.random(in: 1...120, using: &random)
    var best = 0
    for subset in 0..<(1 << items.count) {
      let taken = items.indices.filter { subset >> $0 & 1 == 1 }.map { items[$0] }
      guard taken.reduce(0, { $0 + $1.weight }) <= limit else { continue }
      best = max(best, taken.reduce(0) { $0 + $1.value })
    }
    var program = LinearProgram(.maximise)
    let columns = items.map { program.addChoice(cost: Double($0.value)) }
    program.addRow(zip(columns, items).map { .init($0, Double($1.weight)) }, atMost: Double(limit))
    let solution = try #require(optimum(program.solve(branchingFirstOn: Array(columns.prefix(3)))))
    #expect(isClose(solution.objective, Double(best)), "seed \(seed)")
  }

  /// A program that would take for ever stops in time, with what it knows.
  @Test func timeRunsOut() {
    var random = SeededGenerator(state: 7)
    var program = LinearProgram(.maximise)
    // Market split (Cornuejols and Dawande, 1998): equations that branch and bound cannot see through.
    let columns = (0..<50).map { _ in program.addChoice() }
    for _ in 0..<6 {
      let factors = columns.map { _ in Double(Int.random(in: 0..<100, using: &random)) }
      program.addRow(
        zip(columns, factors).map { .init($0, $1) }, equal: (factors.reduce(0, +) / 2).rounded(.down))
    }
    let spent = ContinuousClock().measure {
      guard case .exhausted = program.solve(within: .milliseconds(300)) else {
        Issue.record("market split was solved")
        return
      }
    }
    #expect(spent < .seconds(60))
  }

  @Test func aGapIsEnough() {
    var random = SeededGenerator(state: 3)
    var program = LinearProgram(.maximise)
    let columns = (0..<30).map { _ in program.addChoice(cost: Double(Int.random(in: 50...99, using: &random))) }
    for _ in 0..<5 {
      program.addRow(columns.map { .init($0, Double(Int.random(in: 10...99, using: &random))) }, atMost: 600)
    }
    switch program.solve(gap: 0.2) {
    case .feasible(let solution, let bound):
      #expect(bound >= solution.objective && (bound - solution.objective) / solution.objective <= 0.2 + 1e-9)
    case .optimal: break
    default: Issue.record("no answer")
    }
  }

  @Test func manyAtOnce() async {
    await withTaskGroup(of: Double?.self) { group in
      for number in 1...16 {
        group.addTask {
          var program = LinearProgram(.maximise)
          let columns = (0..<8).map { program.addChoice(cost: Double($0 % number + 1)) }
          program.addRow(columns.map { .init($0) }, atMost: 1)
          return self.optimum(program.solve())?.objective
        }
      }
      var best: [Double] = []
      for await value in group { best.append(value ?? -1) }
      #expect(best.sorted() == (1...16).map { Double(min($0, 8)) })
    }
  }
}
