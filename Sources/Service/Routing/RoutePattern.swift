/// The path of a route: `/v1/infrastructures/{name}/lease`.
struct RoutePattern: Hashable, Sendable {
  enum Segment: Hashable, Sendable {
    case literal(String)
    /// Takes any one segment.
    case capture(String)
    /// Takes all that is left, one segment or more; only the last.
    case rest(String)
  }

  let text: String
  let segments: [Segment]

  init(_ text: String) {
    self.text = text
    segments = text.split(separator: "/").map { segment in
      guard segment.hasPrefix("{"), segment.hasSuffix("}") else { return .literal(String(segment)) }
      let name = String(segment.dropFirst().dropLast())
      return name.hasSuffix("...") ? .rest(String(name.dropLast(3))) : .capture(name)
    }
  }

  /// Names of what it captures, in order.
  var captures: [String] {
    segments.compactMap { segment in
      switch segment {
      case .literal: nil
      case .capture(let name), .rest(let name): name
      }
    }
  }
}
