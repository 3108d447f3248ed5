import Controller
import Quantities

extension OperationDocument {
  public init(_ operation: Operation) {
    self.init(
      id: operation.id, kind: operation.kind, target: operation.target, user: operation.caller.user,
      state: operation.state, created: operation.created, finished: operation.finished, progress: operation.progress,
      version: operation.version, problem: operation.problem.map { ProblemDocument($0) },
      warnings: operation.warnings.map { ProblemDocument($0) }, results: operation.results)
  }
}

extension EventDocument {
  public init(_ event: CloudEvent) {
    self.init(
      id: event.id, time: event.time, kind: event.kind, object: event.object, what: event.what,
      project: event.project, owner: event.owner, cause: event.cause)
  }
}
