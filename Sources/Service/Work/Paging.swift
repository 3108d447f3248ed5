import API
import Quantities

extension Call {
  var limit: Int { number("limit") ?? 100 }

  /// One page of a list that is sorted by what `key` says.
  func page<Item: Codable & Hashable & Sendable>(
    _ items: some Sequence<Item>, key: (Item) -> String
  ) -> Page<Item> {
    let after = request.parameter("after")
    var page: [Item] = []
    for item in items {
      if let after, key(item) <= after { continue }
      // One more tells that there is a next page.
      if page.count == limit { return Page(page, next: page.last.map(key)) }
      page.append(item)
    }
    return Page(page)
  }

  /// One page of a list whose items have nothing to be sorted by: by their positions.
  ///
  /// - Parameter missing: Hosts of which nothing is among them.
  func page<Item: Codable & Hashable & Sendable>(
    byPosition items: [Item], missing: Set<Name> = []
  ) throws(Problem) -> Page<Item> {
    let after = request.parameter("after")
    let begin = after.map { Int($0) ?? -1 } ?? 0
    guard begin >= 0 else {
      throw Problem(
        .invalid, "bad-parameter", "The parameter 'after' is wrong.",
        remedy: "Give what the page before said as 'next'.")
    }
    let part = items.dropFirst(begin).prefix(limit)
    return Page(
      Array(part), next: begin + part.count < items.count ? "\(begin + part.count)" : nil,
      missing: missing.isEmpty ? nil : missing.sorted())
  }
}
