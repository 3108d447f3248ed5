import Quantities

/// The rate that a network is promised and the rate that it may not exceed (the guaranteed, allowed and static
/// services of Vicat-Blanc Primet et al., *HIPerNET*, 2009: static is where both are the same).
public struct RateRange: Hashable, Codable, Sendable {
  /// Kept for it on every link; nil promises nothing.
  public var minimum: Bitrate?
  /// At least the minimum; nil is whatever is left.
  public var maximum: Bitrate?

  public init(minimum: Bitrate? = nil, maximum: Bitrate? = nil) {
    self.minimum = minimum
    self.maximum = maximum
  }

  /// Minimum and maximum alike.
  public init(fixed rate: Bitrate) { self.init(minimum: rate, maximum: rate) }
}

extension Network {
  /// What every link keeps for it from the first end to the second, in bit/s.
  public var minimum: UInt64 { rate.minimum?.bitsPerSecond ?? 0 }
  /// The same from the second end to the first.
  public var reverseMinimum: UInt64 { (reverseRate ?? rate).minimum?.bitsPerSecond ?? 0 }
}
