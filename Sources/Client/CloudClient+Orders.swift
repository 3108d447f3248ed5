import API
import Controller
import Quantities
import WebClient

extension CloudClient {
  /// Told how far an operation is, whenever that changes.
  public typealias Progress = (Operation.Progress) -> Void

  /// How long one question for news of an operation may wait, seconds.
  private static let poll = 25
  /// How often an order is given again that a controller has forgotten.
  private static let attempts = 4

  /// Gives an order and waits until it is done.
  ///
  /// A controller that ends meanwhile and comes back, or another that takes over, goes on with it; where it never
  /// became durable, the order is given again.
  ///
  /// - Throws: `RefusedWithOffers`; `Problem`: why it was refused or failed, or `controller-lost`.
  public func perform(_ order: CloudOrder, progress: Progress = { _ in }) throws -> OperationDocument {
    try wait(for: begin(order), of: order, progress: progress)
  }

  /// An order that was given: its operation, and what the client calls it.
  public struct Begun: Sendable {
    /// As it was when the order was accepted.
    public var operation: OperationDocument
    let key: String
  }

  /// Gives an order and returns as soon as it is durable.
  public func begin(_ order: CloudOrder) throws -> Begun {
    let key = IdempotencyKey.new()
    return Begun(operation: try give(order, key), key: key)
  }

  /// Waits until what was begun is done.
  public func wait(
    for begun: Begun, of order: CloudOrder, progress: Progress = { _ in }
  ) throws -> OperationDocument {
    var operation = begun.operation
    for _ in 0..<Self.attempts {
      if let ended = try wait(for: operation, progress) {
        if let problem = ended.problem, ended.state == .failed { throw Self.error(problem) }
        return ended
      }
      operation = try give(order, begun.key)
    }
    throw lost(Problem(.failed, "operation-forgotten", "Operation \(operation.id) was forgotten.", remedy: ""))
  }

  private static func error(_ document: ProblemDocument) -> any Error {
    guard let offers = document.offers, !offers.isEmpty else { return Problem(document) }
    return RefusedWithOffers(problem: Problem(document), offers: offers)
  }

  /// Says what an order would do.
  public func propose(_ order: CloudOrder) throws -> ProposalDocument {
    var path = order.path
    path.setQuery("dryRun", "true")
    return try decode(try send(order.method, path, body: order.body, isRepeatable: true))
  }

  private func give(_ order: CloudOrder, _ key: String) throws -> OperationDocument {
    try send(order.method, order.path, body: order.body, key: key, as: OperationDocument.self)
  }

  /// The operation at its end; nil where the controller knows nothing of it any more.
  private func wait(for begun: OperationDocument, _ progress: Progress) throws -> OperationDocument? {
    var operation = begun
    while operation.state == .running {
      progress(operation.progress)
      do {
        operation = try self.operation(operation.id, after: operation.version, wait: Self.poll)
      } catch let problem as Problem where problem.kind == .notFound { return nil }
    }
    progress(operation.progress)
    return operation
  }

  /// An operation, as soon as it is newer than a version, or after a time in seconds.
  public func operation(_ id: String, after version: Int? = nil, wait: Int = 0) throws -> OperationDocument {
    let query: KeyValuePairs = ["after": version.map { "\($0)" }, "wait": wait > 0 ? "\(wait)" : nil]
    return try get(RequestPath("operations", id, query: query), as: OperationDocument.self, wait: wait)
  }

  /// Operations that the controller remembers, of one state or all.
  public func operations(_ state: Operation.State? = nil) throws -> [OperationDocument] {
    try items(RequestPath("operations", query: ["state": state?.rawValue]), of: OperationDocument.self)
  }
}

/// What a client calls an order, so that a second attempt is known for what it is.
enum IdempotencyKey {
  /// 128 random bits as hexadecimal digits.
  static func new() -> String {
    (0..<16).map { _ in UInt8.random(in: 0...255) }.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
