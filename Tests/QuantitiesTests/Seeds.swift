import Algorithms
import Foundation

/// `SEED=n` runs one seed alone.
let seeds: [UInt64] =
  ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) }.map { [$0] } ?? Array(0..<300)

/// The tests' seeded numbers.
typealias SeededGenerator = SplitMix64

extension SplitMix64 {
  /// As often small as large, and often with many zeros at the end.
  mutating func number(upTo limit: UInt64) -> UInt64 {
    let number = (next() >> UInt64.random(in: 0...63, using: &self)) % (limit &+ 1 == 0 ? limit : limit + 1)
    let unit: UInt64 = [1, 1000, 1024, 1_000_000, 1 << 20, 60_000_000_000].randomElement(using: &self) ?? 1
    return number >= unit ? number / unit * unit : number
  }
}
