/// A linear or mixed integer program: columns with bounds and costs, rows that bound sums of columns.
///
/// A value that is built up row by row and then solved by GLPK; solving the same program again gives the same
/// answer as long as no limit of time is reached.
public struct LinearProgram: Sendable {
  /// What to do with the sum of costs.
  public enum Sense: Hashable, Sendable { case minimise, maximise }

  /// A variable of one program.
  public struct Column: Hashable, Sendable {
    /// From 0 on, in the order of adding.
    public let number: Int
  }

  /// A column times a factor.
  public struct Term: Hashable, Sendable {
    public var column: Column
    public var factor: Double

    public init(_ column: Column, _ factor: Double = 1) {
      self.column = column
      self.factor = factor
    }
  }

  struct Variable {
    var bounds: ClosedRange<Double>
    var cost: Double
    var isInteger: Bool
  }

  struct Row {
    var terms: [Int: Double]
    var bounds: ClosedRange<Double>
  }

  public var sense: Sense
  private(set) var variables: [Variable] = []
  private(set) var rows: [Row] = []

  /// A program without columns and rows.
  public init(_ sense: Sense = .minimise) { self.sense = sense }

  /// How many columns and rows there are.
  public var size: (columns: Int, rows: Int) { (variables.count, rows.count) }

  /// Adds a variable.
  ///
  /// - Parameters:
  ///   - bounds: Least and largest value; infinities are no bound.
  ///   - cost: What one unit of it adds to the objective; finite.
  ///   - isInteger: It takes whole numbers only.
  public mutating func addColumn(
    in bounds: ClosedRange<Double> = 0 ... .infinity, cost: Double = 0, isInteger: Bool = false
  ) -> Column {
    precondition(cost.isFinite, "a cost is a finite number")
    variables.append(Variable(bounds: bounds, cost: cost, isInteger: isInteger))
    return Column(number: variables.count - 1)
  }

  /// A variable that is 0 or 1.
  public mutating func addChoice(cost: Double = 0) -> Column { addColumn(in: 0...1, cost: cost, isInteger: true) }

  /// Keeps the sum of `terms` within `bounds`; terms of one column are added up, infinities are no bound.
  public mutating func addRow(_ terms: [Term], in bounds: ClosedRange<Double>) {
    var sums: [Int: Double] = [:]
    for term in terms {
      precondition(term.factor.isFinite && variables.indices.contains(term.column.number), "terms are of this program")
      sums[term.column.number, default: 0] += term.factor
    }
    rows.append(Row(terms: sums.filter { $0.value != 0 }, bounds: bounds))
  }

  /// Keeps the sum of `terms` at `limit` or below.
  public mutating func addRow(_ terms: [Term], atMost limit: Double) { addRow(terms, in: -.infinity...limit) }

  /// Keeps the sum of `terms` at `limit` or above.
  public mutating func addRow(_ terms: [Term], atLeast limit: Double) { addRow(terms, in: limit ... .infinity) }

  /// Keeps the sum of `terms` at `value`.
  public mutating func addRow(_ terms: [Term], equal value: Double) { addRow(terms, in: value...value) }
}

/// Values for all columns of a program that keep its rows.
public struct LinearSolution: Hashable, Sendable {
  /// Sum of the costs.
  public let objective: Double
  /// By number of the column.
  public let values: [Double]

  /// The value of a column.
  public subscript(column: LinearProgram.Column) -> Double { values[column.number] }
}

/// What became of a program.
public enum LinearAnswer: Hashable, Sendable {
  /// No solution is better.
  case optimal(LinearSolution)
  /// A solution within the gap asked for, or the best one found in time; none is better than `bound`.
  case feasible(LinearSolution, bound: Double)
  /// It is proven that no values keep all rows.
  case infeasible
  /// The objective has no limit.
  case unbounded
  /// Time ran out before a solution was found; none is better than `bound`, which is nil where nothing is known.
  case exhausted(bound: Double?)
  /// GLPK gave up for numerical reasons, with this code of glpk.h (`GLP_EFAIL` and others).
  case failed(Int32)
}
