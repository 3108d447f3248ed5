/// What has been done in a router, as it is noted down for the next apply.
struct RouterRecord: Hashable, Sendable {
  /// Tells this life of the machine from the one before, of which nothing is left.
  var life: String
  /// Of each thing that was done, the mark of what was asked for, as in `RouterSoftware.marks`.
  var marks: [String: String] = [:]
  /// Routing programs that were started, by name.
  var programs: Set<String> = []

  /// The mark of the ruleset that lets nothing through, in the place of one that was refused.
  static let closed = "closed"

  init(life: String) { self.life = life }

  /// Reads what `text` says; nil where that was another life, or is no record.
  init?(_ text: String, life: String) {
    let words = text.split(separator: " ")
    guard let first = words.first, first == life else { return nil }
    self.init(life: life)
    for word in words.dropFirst() {
      guard let equals = word.firstIndex(of: "=") else { return nil }
      let (key, value) = (String(word[..<equals]), String(word[word.index(after: equals)...]))
      if key == "programs" { programs = Set(value.split(separator: ",").map(String.init)) } else { marks[key] = value }
    }
  }

  /// One line.
  var text: String {
    let done = marks.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined()
    return life + " programs=" + programs.sorted().joined(separator: ",") + done
  }
}
