import API
import Controller
import Identity
import Quantities
import WebServer

extension Call {
  /// Hands an order to the engine, and answers with its operation.
  ///
  /// - Parameter isDone: The work is done when the engine answers: 200 and not 202.
  func order(_ order: Order, expecting revision: Int64? = nil, isDone: Bool = false) throws -> Outcome {
    let caller = try caller()
    let limits = limits(of: caller)
    return .later { answer in
      service.cloud.submit(order, by: caller, within: limits, key: key, expecting: revision) { result in
        switch result {
        case .failure(let error): answer(.failure(error))
        case .success(let operation): follow(operation, isDone, answer)
        }
      }
    }
  }

  /// The quotas that the caller's orders keep to: their own, and their project's.
  func limits(of caller: Caller) -> [Limit] {
    guard let principal else { return [] }
    let policy = service.access.policy
    var limits: [Limit] = []
    let own = policy.settings.quota(of: principal)
    if own != Quota() { limits.append(Limit(.user(caller.user), own)) }
    if let name = caller.project, let quota = policy.projects[name]?.quota, quota != Quota() {
      limits.append(Limit(.project(name), quota))
    }
    return limits
  }

  private func follow(_ operation: Operation, _ isDone: Bool, _ answer: @escaping Outcome.Answer) {
    if isDone { return answer(Result { try Self.answer(operation, status: 200) }) }
    guard let seconds = preferredWait, operation.state == .running else {
      return answer(Result { try Self.answer(operation, status: 202) })
    }
    let deadline = ContinuousClock.now + .seconds(seconds)
    wait(operation, until: deadline, "wait=\(Int(seconds))", answer)
  }

  /// Looks again with each change of the operation, until it has ended or the time is over.
  private func wait(
    _ operation: Operation, until deadline: ContinuousClock.Instant, _ applied: String,
    _ answer: @escaping Outcome.Answer
  ) {
    let left = (deadline - .now) / .seconds(1)
    guard operation.state == .running, left > 0 else {
      return answer(
        Result {
          try Self.answer(
            operation, status: operation.state == .running ? 202 : 200, headers: [("Preference-Applied", applied)])
        })
    }
    service.cloud.watch(operation: operation.id, after: operation.version, seconds: left) { next in
      wait(next ?? operation, until: next == nil ? .now : deadline, applied, answer)
    }
  }

  private static func answer(
    _ operation: Operation, status: Int, headers: [(name: String, value: String)] = []
  ) throws -> Response {
    let location = [("Location", "/v1/operations/\(operation.id)")]
    return try Response(OperationDocument(operation), status: status, headers: location + headers)
  }
}
