/// The value of `Accept` (RFC 9110, section 12.5.1).
struct AcceptedTypes: Sendable {
  private struct Range: Sendable {
    var type, subtype: String
    var quality: Double

    /// 0 where it does not fit; more the closer it fits.
    func closeness(_ type: Substring, _ subtype: Substring) -> Int {
      if self.type == type, self.subtype == subtype { return 3 }
      if self.type == type, self.subtype == "*" { return 2 }
      return self.type == "*" && self.subtype == "*" ? 1 : 0
    }
  }

  private let ranges: [Range]

  init(_ header: String) {
    ranges = header.split(separator: ",").prefix(32).compactMap { part in
      let fields = part.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
      guard let names = fields.first?.split(separator: "/"), names.count == 2 else { return nil }
      let quality = fields.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 }
      return Range(type: String(names[0]), subtype: String(names[1]), quality: quality ?? 1)
    }
  }

  /// The first of the best liked; nil where none is.
  func best(of types: [String]) -> String? {
    var best: (type: String, quality: Double)?
    for type in types {
      let quality = quality(of: type)
      if quality > (best?.quality ?? 0) { best = (type, quality) }
    }
    return best?.type
  }

  private func quality(of type: String) -> Double {
    let names = type.split(separator: "/")
    var closest = 0
    var quality = 0.0
    for range in ranges {
      let closeness = range.closeness(names[0], names[1])
      if closeness > closest { (closest, quality) = (closeness, range.quality) }
    }
    return quality
  }
}
