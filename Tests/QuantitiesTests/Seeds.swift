import Foundation

/// SplitMix64 (Steele, Lea and Flood 2014): seeded, the same everywhere.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// As often small as large, and often with many zeros at the end.
  mutating func number(upTo limit: UInt64) -> UInt64 {
    let number = (next() >> UInt64.random(in: 0...63, using: &self)) % (limit &+ 1 == 0 ? limit : limit + 1)
    let unit: UInt64 = [1, 1000, 1024, 1_000_000, 1 << 20, 60_000_000_000].randomElement(using: &self) ?? 1
    return number >= unit ? number / unit * unit : number
  }
}

/// `SEED=n` runs one seed alone.
let seeds: [UInt64] =
  ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) }.map { [$0] } ?? Array(0..<300)
