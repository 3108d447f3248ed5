import Identity
import Quantities
import Synchronization

/// Where projects and tokens outlive the process.
public protocol AccessRecords: Sendable {
  /// What was kept.
  func load() throws -> AccessBook
  /// Keeps it; durable when it returns.
  func save(_ book: AccessBook) throws
}

/// Projects, bearer tokens and hosts' one-time tokens.
public struct AccessBook: Sendable {
  /// By name.
  public var projects: [Name: Project] = [:]
  /// Also those that were revoked or have expired, as long as they are kept.
  public var tokens = TokenTable()
  /// Also those that were used.
  public var enrolments = EnrolmentTable()

  /// Nobody and nothing.
  public init() {}
}

extension AccessBook: Codable {
  private enum CodingKeys: String, CodingKey { case projects, tokens, enrolments }

  /// Throws a `DecodingError`.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    projects = try fields.decode([Name: Project].self, forKey: .projects)
    tokens = TokenTable(records: try fields.decode([TokenRecord].self, forKey: .tokens))
    enrolments = EnrolmentTable(records: try fields.decode([EnrolmentRecord].self, forKey: .enrolments))
  }

  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(projects, forKey: .projects)
    try fields.encode(tokens.records(), forKey: .tokens)
    try fields.encode(enrolments.records, forKey: .enrolments)
  }
}

/// Who may do what, and the tokens by which they come; safe from any thread.
final class AccessKeeper: Sendable {
  private struct State {
    var book: AccessBook
    var policy: Policy
  }

  private let records: (any AccessRecords)?
  private let state: Mutex<State>
  /// Held by who changes something, also while that is written: nobody who only looks waits for the store.
  private let turn = Mutex(())

  /// - Parameter projects: Those of the configuration, which are as it says.
  init(_ settings: AccessSettings, _ records: (any AccessRecords)?, projects: [Project] = []) throws {
    self.records = records
    var book = try records?.load() ?? AccessBook()
    for project in projects { book.projects[project.name] = project }
    state = Mutex(State(book: book, policy: Policy(settings: settings, projects: book.projects)))
  }

  var policy: Policy { state.withLock { $0.policy } }
  var book: AccessBook { state.withLock { $0.book } }

  /// Changes the book: kept before it is in force; where `body` or the keeping throws, nothing is changed. Waits for
  /// the store.
  func change<Value: Sendable>(_ body: (inout AccessBook) throws -> Value) throws -> Value {
    try turn.withLock { _ in
      var book = book
      let value = try body(&book)
      book.tokens.forgetLapsed()
      try records?.save(book)
      put(book)
      return value
    }
  }

  private func put(_ book: AccessBook) {
    state.withLock { state in
      state.book = book
      state.policy.projects = book.projects
    }
  }

  /// The principal behind a bearer token. Throws `token-…` or `not-let-in`.
  func principal(token text: String, at time: Timestamp) throws -> Principal {
    try state.withLock { state in
      let record = try state.book.tokens.verify(text, at: time)
      // Written with the next change: to know the last use is not worth a write.
      _ = state.book.tokens.noteUse(of: record.id, at: time)
      return try state.policy.settings.principal(token: record)
    }
  }
}

extension TokenTable {
  fileprivate mutating func forgetLapsed() { _ = forget(at: .now) }
}
