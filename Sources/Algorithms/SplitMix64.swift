/// SplitMix64 (G. Steele, D. Lea and C. Flood, *Fast splittable pseudorandom number generators*, OOPSLA 2014): small,
/// and the same numbers from the same seed everywhere. For searches and tests, never for secrets.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  /// The seed, and then where it has come to.
  public var state: UInt64

  /// A generator that starts at `state`.
  public init(state: UInt64) { self.state = state }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }

  /// `0 ..< count`, which is at least 1; the bias is below count / 2^64.
  public mutating func below(_ count: Int) -> Int { Int(next() % UInt64(max(1, count))) }
}
