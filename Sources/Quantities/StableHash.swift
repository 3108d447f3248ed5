/// A 64-bit hash that is the same in every process and release: FNV-1a (Fowler, Noll and Vo) with a final
/// mix (the 64-bit finaliser of MurmurHash3), because names that differ in the last letter only must
/// differ in the first letters of the text too.
public struct StableHash: Hashable, Sendable {
  public let value: UInt64

  public init(_ text: String) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
    hash = (hash ^ (hash >> 33)) &* 0xc4ce_b9fe_1a85_ec53
    value = hash ^ (hash >> 33)
  }

  /// The first `length` letters and digits, at most 12, of the hash in base 32 (RFC 4648, lower case).
  public func text(length: Int) -> String {
    let alphabet = Array("abcdefghijklmnopqrstuvwxyz234567")
    return String((0..<min(length, 12)).map { alphabet[Int(value >> (59 - 5 * UInt64($0)) & 31)] })
  }
}
