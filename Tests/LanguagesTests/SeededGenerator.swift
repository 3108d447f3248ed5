import Algorithms
import Foundation

/// The tests' seeded numbers.
typealias SeededGenerator = SplitMix64

extension SplitMix64 {
  /// The seed of this run: `TEST_SEED`, else a fixed one.
  static let seed = ProcessInfo.processInfo.environment["TEST_SEED"].flatMap { UInt64($0) } ?? 20261121

  init(seed: UInt64 = seed) { self.init(state: seed) }
}
