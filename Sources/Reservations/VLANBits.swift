import Quantities

/// A set of VLANs as 4096 bits, for fast intersection and lowest member.
struct VLANBits: Hashable, Sendable {
  private var words: [UInt64] = Array(repeating: 0, count: 64)

  init() {}

  init(_ set: VLANSet) {
    for vlan in set.members { insert(vlan) }
  }

  mutating func insert(_ vlan: VLANID) { words[Int(vlan.rawValue >> 6)] |= 1 << UInt64(vlan.rawValue & 63) }
  mutating func remove(_ vlan: VLANID) { words[Int(vlan.rawValue >> 6)] &= ~(1 << UInt64(vlan.rawValue & 63)) }
  func contains(_ vlan: VLANID) -> Bool { words[Int(vlan.rawValue >> 6)] >> UInt64(vlan.rawValue & 63) & 1 == 1 }

  func subtracting(_ other: VLANBits) -> VLANBits {
    var result = self
    for word in words.indices { result.words[word] &= ~other.words[word] }
    return result
  }

  func intersection(_ other: VLANBits) -> VLANBits {
    var result = self
    for word in words.indices { result.words[word] &= other.words[word] }
    return result
  }

  /// The smallest member; nil where the set is empty.
  var lowest: VLANID? {
    guard let word = words.firstIndex(where: { $0 != 0 }) else { return nil }
    return VLANID(UInt16(word * 64 + words[word].trailingZeroBitCount))
  }

  var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
}
