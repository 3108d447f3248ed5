import Controller
import FoundationEssentials
import Identity
import Quantities
import Synchronization

/// Projects, tokens and enrolments in the cloud's own store: a document each, of which only those that changed are made
/// and written, so that controllers that take over know them, too.
public final class CloudRecords: AccessRecords {
  private let cloud: Cloud
  /// What the store holds.
  private let kept = Mutex(AccessBook())

  /// Reads nothing yet.
  public init(_ cloud: Cloud) { self.cloud = cloud }

  /// Reads the store, so it waits. Throws `state-unreadable` for the first document that makes no sense.
  public func load() throws -> AccessBook {
    var book = AccessBook()
    for project in try values("projects", Project.self) { book.projects[project.name] = project }
    book.tokens = TokenTable(records: try values("tokens", TokenRecord.self))
    book.enrolments = EnrolmentTable(records: try values("enrolments", EnrolmentRecord.self))
    kept.withLock { [book] in $0 = book }
    return book
  }

  private func values<Value: Decodable>(_ collection: String, _: Value.Type) throws -> [Value] {
    let decoder = JSONDecoder()
    return try cloud.kept(collection).map { document in
      do { return try decoder.decode(Value.self, from: Data(document.body.utf8)) } catch {
        throw Problem(
          .failed, "state-unreadable", "The stored document '\(collection)/\(document.key)' makes no sense: \(error).",
          remedy: "Use the version of VirtCloud that wrote it.")
      }
    }
  }

  /// Durable when it returns, so it waits. Throws a `Problem` of the store's, or a leader's that is none any more.
  public func save(_ book: AccessBook) throws {
    try kept.withLock { kept in
      let changes =
        try Self.changes("projects", from: kept.projects, to: book.projects, \.description)
        + Self.changes("tokens", from: kept.tokens.byID, to: book.tokens.byID, \.self)
        + Self.changes("enrolments", from: kept.enrolments.byID, to: book.enrolments.byID, \.self)
      try cloud.keep(changes)
      kept = book
    }
  }

  /// The documents that make `new` of what the store holds as `old`.
  private static func changes<Key: Hashable, Value: Encodable & Equatable>(
    _ collection: String, from old: [Key: Value], to new: [Key: Value], _ name: (Key) -> String
  ) throws -> [KeptDocument] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var changes: [KeptDocument] = []
    for (key, value) in new where old[key] != value {
      changes.append(KeptDocument(collection, name(key), String(decoding: try encoder.encode(value), as: UTF8.self)))
    }
    for key in old.keys where new[key] == nil { changes.append(KeptDocument(collection, name(key), nil)) }
    return changes
  }
}
