import Controller
import Quantities

extension OperationDocument {
  /// The operation as it is now.
  public init(_ operation: Operation) {
    self.init(
      id: operation.id, kind: operation.kind, target: operation.target, user: operation.caller.user,
      state: operation.state, created: operation.created, finished: operation.finished, progress: operation.progress,
      version: operation.version, problem: operation.problem.map { ProblemDocument($0) },
      warnings: operation.warnings.map { ProblemDocument($0) }, results: operation.results)
  }
}

extension OperationDocument {
  /// What would have been done, and was not: an operation that nobody finds again.
  public init(dryRun kind: String, target: String, user: String, at time: Timestamp, results: [String]) {
    self.init(
      id: "dry-run", kind: kind, target: target, user: user, state: .done, created: time, finished: time,
      progress: Operation.Progress(), version: 1, problem: nil, warnings: [], results: results)
  }
}

extension EventDocument {
  /// The event as it was told.
  public init(_ event: CloudEvent) {
    self.init(
      id: event.id, time: event.time, kind: event.kind, object: event.object, what: event.what,
      project: event.project, owner: event.owner, cause: event.cause)
  }
}
