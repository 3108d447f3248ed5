import Infrastructure
import Quantities

/// Reads `rate`: one bit rate or bounds of it, for a wire also in each direction.
enum RateReader {
  /// What is written for the two directions; nil is not written.
  struct Directed {
    var forward: RateRange?
    var reverse: RateRange?
    /// Each direction was named, or one of them.
    var isDirected: Bool
  }

  /// `rate` of a segment or wire; nil where it is absent. Throws `rate-order`, `rate-direction` and what rates throw.
  static func rate(_ fields: Fields, of kind: Network.Kind) throws(Problem) -> Directed? {
    guard let node = fields.node("rate") else { return nil }
    let subject = fields.subject(of: "rate")
    guard node.hasDirections else {
      return Directed(forward: try range(node, subject), reverse: nil, isDirected: false)
    }
    guard kind == .wire else {
      throw node.mark.problem(
        "rate-direction", "\(subject): a segment has no directions, for it has any number of ends.",
        remedy: "Write one rate, or {min: …, max: …}, which hold both ways.")
    }
    let directions = try Fields(node, .directedRate, of: subject)
    func read(_ key: String) throws(Problem) -> RateRange? {
      guard let node = directions.node(key) else { return nil }
      return try range(node, directions.subject(of: key))
    }
    return Directed(forward: try read("forward"), reverse: try read("reverse"), isDirected: true)
  }

  /// A single rate is both kept and not exceeded.
  private static func range(_ node: LocatedNode, _ subject: String) throws(Problem) -> RateRange {
    guard case .mapping = node.content else { return RateRange(fixed: try node.value(of: subject, Bounds.rate)) }
    let range = try Fields(node, .rate, of: subject)
    let low = try range.value("min", Bounds.rate)
    let high = try range.value("max", Bounds.rate)
    if let low, let high, low > high {
      throw node.mark.problem(
        "rate-order", "\(range.subject): min (\(low)) is above max (\(high)).", remedy: "Swap them.")
    }
    return RateRange(minimum: low, maximum: high)
  }
}

extension LocatedNode {
  /// Whether it is a mapping with a direction among its keys, be it misspelt.
  fileprivate var hasDirections: Bool {
    guard case .mapping(let entries) = content else { return false }
    let names = Vocabulary.directedRate.names
    return entries.contains { $0.key.utf8.count <= 64 && Nearest.name(to: $0.key, among: names) != nil }
  }
}
