import Quantities

/// An amount of something, at the start or from an event on.
public struct VXDLCapacity: Hashable, Sendable {
  public enum Amount: Hashable, Sendable {
    /// Exactly so much.
    case simple(VXDLNumber)
    /// One of these; not empty.
    case set([VXDLNumber])
    /// From the minimum, which is guaranteed, to the maximum, which is allowed.
    case interval(min: VXDLNumber?, max: VXDLNumber?)
    /// The minimum, and in steps up to the maximum.
    case scale(min: VXDLNumber, max: VXDLNumber, step: VXDLNumber)
  }

  public var amount: Amount
  public var unit: String?
  /// Id of the event of the timeline from which on it holds; nil is the start.
  public var event: String?

  public init(_ amount: Amount, unit: String? = nil, event: String? = nil) {
    self.amount = amount
    self.unit = unit
    self.event = event
  }
}

extension VXDLCapacity {
  /// Smallest and largest amount in base units; nil is unbounded.
  struct Bounds: Hashable {
    var low, high: UInt64?
  }

  /// What it says in the base unit of `measure`.
  ///
  /// Throws `bad-unit`, `missing-unit`, `out-of-bounds`, `interval-order` or `bad-scale`.
  func bounds(_ measure: VXDLMeasure) throws(Problem) -> Bounds {
    let factor = try measure.factor(of: unit)
    func amount(_ number: VXDLNumber) throws(Problem) -> UInt64 { try measure.amount(number, factor, unit) }
    switch self.amount {
    case .simple(let value):
      let value = try amount(value)
      return Bounds(low: value, high: value)
    case .set(let values):
      let values = try values.map { (value) throws(Problem) in try amount(value) }
      return Bounds(low: values.min(), high: values.max())
    case .interval(let low, let high):
      try Self.check(low, high)
      return Bounds(
        low: try low.map { (value) throws(Problem) in try amount(value) },
        high: try high.map { (value) throws(Problem) in try amount(value) })
    case .scale(let low, let high, let step):
      try Self.check(low, high)
      guard step.value > 0 else {
        throw Problem(
          .invalid, "bad-scale", "A scale's step is \(step), so it has no next value.", remedy: "Write a step above 0.")
      }
      return Bounds(low: try amount(low), high: try amount(high))
    }
  }

  private static func check(_ low: VXDLNumber?, _ high: VXDLNumber?) throws(Problem) {
    guard let low, let high, low.value > high.value else { return }
    throw Problem(.invalid, "interval-order", "min (\(low)) is above max (\(high)).", remedy: "Swap them.")
  }
}
