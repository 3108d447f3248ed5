import Quantities

/// Names of wires that have none in the file: `NODE-NODE`, and from the second on `NODE-NODE-2` and so on.
///
/// They pass over every name that is written anywhere in the file, so that a default never takes one away.
struct WireNames {
  private var taken: Set<Name>
  /// The last number that was tried for a stem: parallel wires cost one step each.
  private var last: [String: Int] = [:]

  /// Whatever is wrong with a written name is told where the wire itself is read.
  init(segments: some Sequence<Name>, wires: [LocatedNode]) {
    taken = Set(segments)
    for wire in wires {
      guard case .mapping(let entries) = wire.content,
        case .scalar(let text, _)? = entries.first(where: { $0.key == "name" })?.value.content
      else { continue }
      if let name = Name(text) { taken.insert(name) }
    }
  }

  /// A free name for a wire between `ends`; nil where theirs are too long for one.
  mutating func next(between first: Name, _ second: Name) -> Name? {
    let stem = "\(first)-\(second)"
    var number = last[stem] ?? 0
    // It ends: only as many numbers can be taken as there are names.
    while true {
      number += 1
      guard let name = Name(number == 1 ? stem : "\(stem)-\(number)") else { return nil }
      guard taken.insert(name).inserted else { continue }
      last[stem] = number
      return name
    }
  }
}
