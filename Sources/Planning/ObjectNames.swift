import Quantities

/// Short names for kernel objects, made from a hash of a full name that people see as an alias.
///
/// FNV-1a with 64 bits, finished with the mixer of MurmurHash3 so that short labels spread over all bits,
/// in 13 digits of base 32 (RFC 4648 section 7 alphabet, lower case). An interface name has at most 15
/// characters (`IFNAMSIZ` in linux/if.h is 16 with the closing zero).
enum ObjectNames {
  /// FNV-1a (Fowler, Noll, Vo; draft-eastlake-fnv).
  static func hash(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    hash = (hash ^ hash >> 33) &* 0xff51_afd7_ed55_8ccd
    hash = (hash ^ hash >> 33) &* 0xc4ce_b9fe_1a85_ec53
    return hash ^ hash >> 33
  }

  /// The lowest `count` digits of base 32, the least significant first.
  static func digits(_ number: UInt64, count: Int) -> String {
    let alphabet = StaticString("0123456789abcdefghijklmnopqrstuv")
    return String(unsafeUninitializedCapacity: count) { buffer in
      var rest = number
      for index in 0..<count {
        buffer[index] = alphabet.utf8Start[Int(rest & 31)]
        rest >>= 5
      }
      return count
    }
  }
}

/// Hands out names that are unique in one namespace: the hash of a label, or of the label and a number
/// where another label had the same hash. The same labels in the same order give the same names.
struct NameScope {
  private var taken: Set<String> = []
  /// Digits of the hash; fewer than 13 only in tests, which want collisions.
  private let digits: Int

  init(digits: Int = 13) { self.digits = digits }

  /// A name such as `br0h3k…` of `prefix` (at most 2 characters) and the hash of `label`.
  mutating func name(_ prefix: String, _ label: String) -> String {
    var candidate = prefix + ObjectNames.digits(ObjectNames.hash(label), count: digits)
    var attempt = 0
    while !taken.insert(candidate).inserted {
      attempt += 1
      candidate = prefix + ObjectNames.digits(ObjectNames.hash("\(label)#\(attempt)"), count: digits)
    }
    return candidate
  }
}
