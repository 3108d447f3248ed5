import Controller
import FoundationEssentials
import Identity
import Quantities
import Synchronization

/// Projects, tokens and enrolments in the cloud's own store: a document each, of which only those that changed are
/// written, so that controllers that take over know them, too.
public final class CloudRecords: AccessRecords {
  private let cloud: Cloud
  /// What the store holds, by collection and key.
  private let kept = Mutex<[String: [String: String]]>([:])
  /// What was read last, and of what: a controller looks every other second, and mostly nothing has changed.
  private let read = Mutex<(texts: [String: [String: String]], book: AccessBook)?>(nil)

  /// Reads nothing yet.
  public init(_ cloud: Cloud) { self.cloud = cloud }

  private static let collections = ["projects", "tokens", "enrolments"]

  /// Reads the store, so it waits. Throws a `Problem` of the store's, or a `DecodingError`.
  public func load() throws -> AccessBook {
    var book = AccessBook()
    var found: [String: [String: String]] = [:]
    for collection in Self.collections {
      found[collection] = Dictionary(
        try cloud.kept(collection).map { ($0.key, $0.body) }, uniquingKeysWith: { first, _ in first })
    }
    let known = read.withLock { read in read.flatMap { $0.texts == found ? $0.book : nil } }
    if let known {
      kept.withLock { $0 = found }
      return known
    }
    for project in try values(found["projects"], Project.self) { book.projects[project.name] = project }
    book.tokens = TokenTable(records: try values(found["tokens"], TokenRecord.self))
    book.enrolments = EnrolmentTable(records: try values(found["enrolments"], EnrolmentRecord.self))
    kept.withLock { $0 = found }
    read.withLock { [found, book] in $0 = (found, book) }
    return book
  }

  private func values<Value: Decodable>(_ documents: [String: String]?, _: Value.Type) throws -> [Value] {
    try (documents ?? [:]).values.map { try JSONDecoder().decode(Value.self, from: Data($0.utf8)) }
  }

  /// Durable when it returns, so it waits. Throws a `Problem` of the store's, or a leader's that is none any more.
  public func save(_ book: AccessBook) throws {
    let wanted = [
      "projects": try documents(book.projects.values) { $0.name.description },
      "tokens": try documents(book.tokens.records()) { $0.id },
      "enrolments": try documents(book.enrolments.records) { $0.id },
    ]
    try kept.withLock { kept in
      var changes: [KeptDocument] = []
      for (collection, documents) in wanted {
        let before = kept[collection] ?? [:]
        for (key, body) in documents where before[key] != body { changes.append(KeptDocument(collection, key, body)) }
        for key in before.keys where documents[key] == nil { changes.append(KeptDocument(collection, key, nil)) }
      }
      try cloud.keep(changes)
      kept = wanted
    }
  }

  private func documents<Value: Encodable>(
    _ values: some Sequence<Value>, _ key: (Value) -> String
  ) throws -> [String: String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Dictionary(
      try values.map { (key($0), String(decoding: try encoder.encode($0), as: UTF8.self)) },
      uniquingKeysWith: { first, _ in first })
  }
}
