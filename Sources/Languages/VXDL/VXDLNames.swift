import Quantities

/// Gives each id of a description a valid name, always the same ones for the same ids in the same order.
///
/// An id that is a name stays as it is. Of others, letters become lower-case, and what else a name cannot
/// have becomes a hyphen: `node test 2` is `node-test-2`. Where that is taken, `-2`, `-3` and so on follow.
struct VXDLNames {
  private var reserved: Set<Name>
  private var taken: Set<Name> = []
  /// The last number that was tried for a stem.
  private var last: [String: Int] = [:]

  /// Ids that are names already are kept for those that have them.
  init(_ ids: some Sequence<String>, besides names: some Sequence<Name> = []) {
    reserved = Set(ids.compactMap { Name($0) })
    taken = Set(names)
  }

  /// A name that no other id has got; `word` is what it is called where nothing of its id is left.
  mutating func name(for id: String, else word: String) -> Name {
    if let name = Name(id), taken.insert(name).inserted { return name }
    let stem = Self.stem(id, else: word)
    var number = last[stem] ?? 0
    // It ends: only as many numbers can be taken as there are ids.
    while true {
      number += 1
      let suffix = number == 1 ? "" : "-\(number)"
      let start = Self.withoutHyphens(String(stem.prefix(63 - suffix.utf8.count)))
      guard let name = Name(start + suffix), !reserved.contains(name), taken.insert(name).inserted else { continue }
      last[stem] = number
      return name
    }
  }

  private static func stem(_ id: String, else word: String) -> String {
    var stem = ""
    for scalar in id.unicodeScalars {
      switch scalar {
      case "a"..."z", "0"..."9": stem.unicodeScalars.append(scalar)
      case "A"..."Z": stem += scalar.properties.lowercaseMapping
      default: if !stem.hasSuffix("-") { stem += "-" }
      }
    }
    let trimmed = withoutHyphens(stem)
    return trimmed.isEmpty ? word : trimmed
  }

  private static func withoutHyphens(_ text: String) -> String {
    let tail = text.drop { $0 == "-" }
    return String(tail.reversed().drop { $0 == "-" }.reversed())
  }
}
