import Quantities

/// A terminal in a machine, to be opened: `POST /v1/infrastructures/{name}/nodes/{node}/terminals`.
public struct TerminalRequest: Codable, Hashable, Sendable {
  /// 1 to 1000; absent is 80.
  public var columns: Int?
  /// 1 to 1000; absent is 24.
  public var rows: Int?
  /// Program and arguments; absent is a login shell.
  public var command: [String]?

  /// Nil fields are left out of the JSON: the service takes its own.
  public init(columns: Int? = nil, rows: Int? = nil, command: [String]? = nil) {
    (self.columns, self.rows, self.command) = (columns, rows, command)
  }
}

/// The answer to it.
public struct TerminalDocument: Codable, Hashable, Sendable {
  /// Names it in `/v1/terminals/{id}`.
  public var id: String
  /// Whose machine it is in.
  public var infrastructure: Name
  /// The machine.
  public var node: Name
  /// When it was opened, UTC.
  public var created: Timestamp
  /// Seconds without input or output after which it is closed.
  public var idleSeconds: Int

  /// `idleSeconds` are whole seconds.
  public init(id: String, infrastructure: Name, node: Name, created: Timestamp, idleSeconds: Int) {
    (self.id, self.infrastructure, self.node) = (id, infrastructure, node)
    (self.created, self.idleSeconds) = (created, idleSeconds)
  }
}

/// `PUT /v1/terminals/{id}/size`: 1 to 1000 each.
public struct TerminalSize: Codable, Hashable, Sendable {
  /// In characters.
  public var columns, rows: Int

  /// The service refuses what is not 1 to 1000.
  public init(columns: Int, rows: Int) { (self.columns, self.rows) = (columns, rows) }
}

/// What an editor wants to know of a file: `POST /v1/check`.
public struct CheckDocument: Codable, Hashable, Sendable {
  /// Empty: nothing is wrong with it.
  public var problems: [ProblemDocument]

  /// In the order of the file.
  public init(problems: [ProblemDocument]) { self.problems = problems }
}
