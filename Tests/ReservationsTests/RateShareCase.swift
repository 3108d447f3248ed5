import Infrastructure
import Optimum
import Quantities
import Reservations

/// A link and the wires on it.
struct RateShareCase: Sendable, CustomStringConvertible {
  var share: UInt64
  /// In the order of their numbers; they fit by their minima.
  var wires: [RateRange]

  var description: String {
    "share \(share), wires " + wires.map { "\($0.low)/\($0.high.map(String.init) ?? "-")" }.joined(separator: " ")
  }

  /// What `RateShare` allows the wires.
  func allowed() throws -> [UInt64] {
    let rates = try RateShare(share, of: "core link a -> b", among: keyed).allowed
    return wires.indices.map { rates[$0]?.bitsPerSecond ?? .max }
  }

  var keyed: [Int: RateRange] { Dictionary(uniqueKeysWithValues: wires.enumerated().map { ($0, $1) }) }

  /// Small numbers, so that minima equal maxima, wires tie and shares do not divide.
  static func random(_ generator: inout SeededGenerator, large: Bool = false) -> RateShareCase {
    let scale: UInt64 = large ? 1_000_000_000_000 : 20
    let wires = (0..<Int.random(in: 0...8, using: &generator)).map { _ in
      let low = UInt64.random(in: 0...scale, using: &generator)
      let high = low + (Bool.random(using: &generator) ? UInt64.random(in: 0...scale, using: &generator) : 0)
      return RateRange(
        minimum: low == 0 ? nil : Bitrate(bitsPerSecond: low),
        maximum: Int.random(in: 0..<4, using: &generator) == 0 ? nil : Bitrate(bitsPerSecond: high))
    }
    let promised = wires.reduce(0) { $0 + $1.low }
    return RateShareCase(share: promised + UInt64.random(in: 0...4 * scale, using: &generator), wires: wires)
  }
}

extension RateRange {
  var low: UInt64 { minimum?.bitsPerSecond ?? 0 }
  var high: UInt64? { maximum?.bitsPerSecond }

  /// In Mbit/s.
  init(_ low: UInt64?, _ high: UInt64?) {
    self.init(
      minimum: low.map { Bitrate(bitsPerSecond: $0 * 1_000_000) },
      maximum: high.map { Bitrate(bitsPerSecond: $0 * 1_000_000) })
  }
}

/// The largest sum of allowed rates, found in ways that know nothing of water levels. A linear program over the
/// same `RateShareCase` (maximise the sum; min ≤ x ≤ max; sum ≤ share) is one more element of `all`.
struct RateShareOptimum: Sendable {
  var name: String
  var sum: @Sendable (RateShareCase) -> UInt64

  /// By the formula: nobody can be given more than all maxima, or than there is.
  static let formula = RateShareOptimum(name: "formula") { link in
    link.wires.reduce(0) { min(link.share, $0 + min($1.high ?? link.share, link.share)) }
  }

  /// By giving single bits away while somebody takes one; for small cases.
  static let bitByBit = RateShareOptimum(name: "bit by bit") { link in
    var rates = link.wires.map(\.low)
    while rates.reduce(0, +) < link.share,
      let taker = rates.indices.first(where: { rates[$0] < link.wires[$0].high ?? .max })
    {
      rates[taker] += 1
    }
    return rates.reduce(0, +)
  }

  /// By a linear program: the largest sum with every rate from its minimum to its maximum, all within the share.
  /// Only where numbers are small enough for GLPK's tolerance of about 1e-7.
  static let linearProgram = RateShareOptimum(name: "linear program") { link in
    guard link.share < 1_000_000, !link.wires.isEmpty else { return formula.sum(link) }
    var program = LinearProgram(.maximise)
    let rates = link.wires.map {
      program.addColumn(in: Double($0.low)...Double(min($0.high ?? link.share, max(link.share, $0.low))), cost: 1)
    }
    program.addRow(rates.map { LinearProgram.Term($0) }, atMost: Double(link.share))
    guard case .optimal(let solution) = program.solve() else { return .max }
    return UInt64(solution.objective.rounded())
  }

  static let all = [formula, bitByBit, linearProgram]
}
