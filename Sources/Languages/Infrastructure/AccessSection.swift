import Quantities

/// `access`: ways in from outside. None of them is built yet, so nothing may be asked for.
enum AccessSection {
  /// Throws `not-available` where a VPN, a published port or an allow-list is asked for.
  static func check(_ fields: Fields) throws(Problem) {
    guard let access = try fields.fields("access", .access) else { return }
    for (key, what) in [("vpn", "A VPN"), ("publish", "Publishing ports"), ("allow", "Allowing traffic in")] {
      guard let node = access.node(key), !node.asksForNothing else { continue }
      throw .notAvailable(
        "\(access.subject(of: key)): \(what)", remedy: "Remove '\(key)'; reach machines with 'virtcloud exec'.",
        at: node.mark)
    }
  }
}

extension LocatedNode {
  /// Nothing, `none`, or an empty list or mapping.
  fileprivate var asksForNothing: Bool {
    switch content {
    case .scalar(let text, _): isNull || text == "none"
    case .sequence(let elements): elements.isEmpty
    case .mapping(let entries): entries.isEmpty
    }
  }
}
