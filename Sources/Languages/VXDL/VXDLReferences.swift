import Quantities

/// Which ids a description declares and which it uses, with where; forward references are allowed.
struct VXDLReferences {
  enum Kind: String {
    case node = "vNode"
    case router = "vRouter"
    case storage = "vStorage"
    case accessPoint = "vAccessPoint"
    case array = "vArray"
    case link = "vLink"
  }

  private struct Use {
    var id: String
    var mark: Mark
  }

  /// What links can join, by id.
  private var ends: [String: (kind: Kind, mark: Mark)] = [:]
  /// Where the second access point of an id stands.
  private var repeated: [String: Mark] = [:]
  private var links: [String: Mark] = [:]
  private var events: [String: Mark] = [:]
  private var usedEnds: [Use] = []
  private var usedLinks: [Use] = []
  private var usedEvents: [Use] = []

  /// Throws `duplicate-id`; access points may share an id as long as nothing uses it.
  mutating func declare(_ kind: Kind, _ id: String, _ mark: Mark) throws(Problem) {
    if kind == .link {
      guard let earlier = links.updateValue(mark, forKey: id) else { return }
      throw Self.duplicate("vLink", id, mark, earlier)
    }
    guard let earlier = ends[id] else { return ends[id] = (kind, mark) }
    guard earlier.kind == .accessPoint, kind == .accessPoint else {
      throw Self.duplicate(kind.rawValue, id, mark, earlier.mark)
    }
    if repeated[id] == nil { repeated[id] = mark }
  }

  /// Throws `duplicate-id`.
  mutating func declare(event id: String, _ mark: Mark) throws(Problem) {
    guard let earlier = events.updateValue(mark, forKey: id) else { return }
    throw Self.duplicate("event", id, mark, earlier)
  }

  mutating func use(end id: String, _ mark: Mark) { usedEnds.append(Use(id: id, mark: mark)) }
  mutating func use(link id: String, _ mark: Mark) { usedLinks.append(Use(id: id, mark: mark)) }
  mutating func use(event id: String, _ mark: Mark) { usedEvents.append(Use(id: id, mark: mark)) }

  /// Holds uses against declarations. Throws `no-such-node`, `no-such-link`, `no-such-event` or `duplicate-id`.
  func check() throws(Problem) {
    for use in usedEnds {
      guard let end = ends[use.id] else { throw Self.unknown("node", use, ends.keys) }
      if let second = repeated[use.id] { throw Self.duplicate("vAccessPoint", use.id, second, end.mark) }
    }
    for use in usedLinks where links[use.id] == nil { throw Self.unknown("link", use, links.keys) }
    for use in usedEvents where events[use.id] == nil { throw Self.unknown("event", use, events.keys) }
  }

  private static func duplicate(_ what: String, _ id: String, _ mark: Mark, _ earlier: Mark) -> Problem {
    mark.problem(
      "duplicate-id", "\(what) '\(id.excerpt)' has an id that is already taken on \(earlier.short).",
      remedy: "Give one of the two another id.")
  }

  private static func unknown(_ what: String, _ use: Use, _ known: some Sequence<String>) -> Problem {
    use.mark.problem(
      "no-such-\(what)", "There is no \(what) '\(use.id.excerpt)'.",
      remedy: Remedy.nearestID(use.id, among: known))
  }
}

extension Remedy {
  /// For an id, which unlike a name may be long: few candidates, cut short.
  static func nearestID(_ id: String, among known: some Sequence<String>) -> String {
    nearest(id, among: known.map(\.excerpt).sorted().prefix(500).map { $0 })
  }
}
