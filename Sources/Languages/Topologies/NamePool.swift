import Quantities

/// Gives each place a name of its own, and its hosts names that no site has.
struct NamePool {
  private var used: Set<Name> = []
  /// The number to try next for a name that is taken.
  private var next: [String: Int] = [:]

  /// `base`, else the first of `base-2`, `base-3` … that is free.
  mutating func take(_ base: String) -> Name {
    if let name = Name(base), used.insert(name).inserted { return name }
    var number = next[base] ?? 2
    // Ends: only finitely many are used, and `base` is a name short enough for any number.
    while true {
      let candidate = Name("\(base)-\(number)")
      number += 1
      next[base] = number
      if let candidate, used.insert(candidate).inserted { return candidate }
      if candidate == nil { return take("site") }
    }
  }

  /// Names for `count` hosts at `site`: `brno-1`, `brno-2` …, or `brno-host-1` … where one of those is taken.
  mutating func hosts(at site: Name, count: Int) -> [Name] {
    for attempt in 0..<1000 {
      let infix = attempt == 0 ? "" : attempt == 1 ? "-host" : "-host\(attempt)"
      let names = (0..<count).compactMap { Name("\(site)\(infix)-\($0 + 1)") }
      guard names.count == count, used.isDisjoint(with: names) else { continue }
      used.formUnion(names)
      return names
    }
    return (0..<count).map { _ in take("host") }
  }
}
