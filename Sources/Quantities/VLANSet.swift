/// A set of VLAN identifiers, written `100-199, 300`.
public struct VLANSet: Hashable, Sendable {
  public var members: Set<VLANID>

  public init(_ members: some Sequence<VLANID> = []) { self.members = Set(members) }

  public func contains(_ vlan: VLANID) -> Bool { members.contains(vlan) }
}

extension VLANSet: CustomStringConvertible, TextCodable {
  /// Reads identifiers and ranges separated by commas; the empty text is the empty set. Throws `bad-vlans`.
  public init(parsing text: String) throws(Problem) {
    members = []
    guard !text.isEmpty else { return }
    // Every VLAN once and some spaces; ranges that say the same again and again would take long.
    guard text.utf8.count <= 1 << 16 else {
      throw Problem(
        .invalid, "bad-vlans", "The set of VLANs that begins with '\(text.excerpt)' has more than 64 KiB.",
        remedy: "Write each VLAN once, and ranges such as '100-199'.")
    }
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let bounds = part.split(separator: "-", omittingEmptySubsequences: false).map(Self.number)
      guard (1...2).contains(bounds.count), let low = bounds[0], let high = bounds[bounds.count - 1], low <= high
      else {
        throw Problem(
          .invalid, "bad-vlans", "'\(String(part).excerpt)' is neither a VLAN (1 to 4094) nor a range of them.",
          remedy: "Write VLANs and ranges separated by commas, such as '100-199, 300'.")
      }
      members.formUnion((low.rawValue...high.rawValue).compactMap(VLANID.init))
    }
  }

  private static func number(_ text: Substring) -> VLANID? {
    let digits = String(text).trimmed
    guard !digits.isEmpty, digits.utf8.count <= 4, digits.first != "0", digits.allSatisfy({ $0.asciiDigit != nil })
    else { return nil }
    return UInt16(digits).flatMap(VLANID.init)
  }

  /// Ranges in rising order.
  public var description: String {
    var ranges: [(low: UInt16, high: UInt16)] = []
    for vlan in members.map(\.rawValue).sorted() {
      if let last = ranges.last, last.high + 1 == vlan {
        ranges[ranges.count - 1].high = vlan
      } else {
        ranges.append((vlan, vlan))
      }
    }
    return ranges.map { $0.low == $0.high ? "\($0.low)" : "\($0.low)-\($0.high)" }.joined(separator: ", ")
  }
}

extension String {
  /// Without spaces at either end.
  var trimmed: String {
    let tail = drop { $0 == " " }
    return String(tail.reversed().drop { $0 == " " }.reversed())
  }
}
