/// Token buckets by name, each with a second's worth of tokens; time is passed in.
///
/// Each is kept as the moment at which it is full again (generic cell rate algorithm, ITU-T I.371, annex A). One that is
/// full is the same as none, so that what is quiet costs no memory. Where as many as may be are busy, all others share
/// one: who makes up names hurts others who are as new, and nobody who was known before.
struct TokenBuckets: Sendable {
  /// Least tokens of a full bucket: a page of the console needs dozens at once.
  static let leastBurst = 100

  private let most: Int
  /// Nanoseconds in which a token comes.
  private let interval: UInt64
  /// By how much a bucket's moment may lie ahead.
  private let tolerance: UInt64
  private var fullAt: [String: UInt64] = [:]
  private var sharedFullAt: UInt64 = 0
  /// No other look for full ones before this moment.
  private var nextSweep: UInt64 = 0

  /// - Parameters:
  ///   - rate: Tokens a second, 1 to 1,000,000,000.
  ///   - most: Buckets at once.
  init(rate: Int, most: Int = 65_536) {
    self.most = most
    interval = 1_000_000_000 / UInt64(max(1, min(rate, 1_000_000_000)))
    tolerance = UInt64(max(rate, Self.leastBurst) - 1) * interval
  }

  var count: Int { fullAt.count }

  /// Takes a token of a name's bucket, whose nanoseconds never go back.
  ///
  /// - Returns: Nil where there was one, else for how many nanoseconds there will be none.
  mutating func take(_ name: String, at now: UInt64) -> UInt64? {
    let isOwn = hasRoom(for: name, now)
    let ahead = max(isOwn ? fullAt[name] ?? 0 : sharedFullAt, now) - now
    guard ahead <= tolerance else { return ahead - tolerance }
    let next = now + ahead + interval
    if isOwn { fullAt[name] = next } else { sharedFullAt = next }
    return nil
  }

  private mutating func hasRoom(for name: String, _ now: UInt64) -> Bool {
    if fullAt.count < most || fullAt[name] != nil { return true }
    guard now >= nextSweep else { return false }
    nextSweep = now + 1_000_000_000
    fullAt = fullAt.filter { $0.value > now }
    return fullAt.count < most
  }
}
