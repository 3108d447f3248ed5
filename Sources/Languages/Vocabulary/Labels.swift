import Quantities

extension Fields {
  /// Most labels that one thing may have.
  private static let maximumLabels = 100

  /// `labels`: texts by keys that the owner chooses; none where it is absent. Throws `bad-text` or `too-many`.
  func labels() throws(Problem) -> [String: String] {
    guard let node = node("labels") else { return [:] }
    let subject = subject(of: "labels")
    let entries = try node.entries(of: subject, example: "{owner: chemistry}")
    guard entries.count <= Self.maximumLabels else {
      throw node.mark.problem(
        "too-many", "\(subject): there are more than \(Self.maximumLabels).", remedy: "Write fewer.")
    }
    var labels: [String: String] = [:]
    for entry in entries {
      let key = try entry.mark.locating(subject) { () throws(Problem) in try Bounds.labelKey(entry.key) }
      labels[key] = try entry.value.value(of: "\(subject), \(entry.key.excerpt)", Bounds.label)
    }
    return labels
  }
}
