/// Keeps account of numbered packets: which are lost, which come twice, which come late.
///
/// Exact, with one bit a number; a number at or above `capacity` is not counted. Pure.
public struct SequenceCounter: Hashable, Sendable {
  /// Different numbers that came.
  public private(set) var distinct: UInt64 = 0
  /// Packets whose number had come before.
  public private(set) var duplicated: UInt64 = 0
  /// Packets that came after one with a larger number (RFC 4737 section 3.3, Type-P-Reordered).
  public private(set) var outOfOrder: UInt64 = 0
  /// The longest time between two packets, in ns.
  public private(set) var worstGap: UInt64 = 0
  /// Numbers from 0 up to this one are counted.
  public let capacity: UInt64
  private var seen: [UInt64] = []
  private var expected: UInt64 = 0
  private var last: UInt64?

  public init(capacity: UInt64 = 1 << 26) {
    self.capacity = capacity
  }

  /// Takes a packet that came at `time`, in ns of any clock that does not go back.
  public mutating func record(_ number: UInt64, at time: UInt64) {
    guard number < capacity else { return }
    if let last { worstGap = max(worstGap, time &- last) }
    last = time
    let word = Int(number / 64)
    let bit = UInt64(1) << (number % 64)
    if word >= seen.count { seen.append(contentsOf: repeatElement(0, count: word + 1 - seen.count)) }
    guard seen[word] & bit == 0 else {
      duplicated += 1
      return
    }
    seen[word] |= bit
    distinct += 1
    if number < expected { outOfOrder += 1 } else { expected = number + 1 }
  }

  /// How many of the numbers `0 ..< sent` did not come.
  public func lost(of sent: UInt64) -> UInt64 { sent - min(sent, distinct) }

  /// The longest run of numbers in `0 ..< sent` none of which came.
  public func longestLoss(of sent: UInt64) -> UInt64 {
    var longest: UInt64 = 0
    var run: UInt64 = 0
    var number: UInt64 = 0
    while number < sent {
      let word = Int(number / 64)
      if word >= seen.count { return max(longest, run + (sent - number)) }
      // A whole word at once: nearly all are full.
      if number % 64 == 0, seen[word] == .max {
        run = 0
        number += 64
        continue
      }
      run = seen[word] & (1 << (number % 64)) == 0 ? run + 1 : 0
      longest = max(longest, run)
      number += 1
    }
    return longest
  }
}
