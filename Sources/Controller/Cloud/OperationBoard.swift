import Quantities

/// Where operations are that are under way, beyond what is durable, and who waits for a change. A value.
struct OperationBoard: Sendable {
  typealias Answer = @Sendable (Operation?) -> Void

  private struct Waiting: Sendable {
    var number: Int
    var after: Int
    var answer: Answer
  }

  private(set) var running: [String: Operation] = [:]
  private var waiting: [String: [Waiting]] = [:]
  private var nextNumber = 0

  mutating func begin(_ operations: [Operation]) { for operation in operations { running[operation.id] = operation } }

  /// Changes a running operation; the answers are to be called without a lock held.
  mutating func change(_ id: String, _ body: (inout Operation) -> Void) -> [@Sendable () -> Void] {
    guard var operation = running[id] else { return [] }
    let before = operation
    body(&operation)
    guard operation != before else { return [] }
    operation.version += 1
    running[id] = operation
    return answers(operation)
  }

  /// Takes out one that has ended.
  mutating func end(_ operation: Operation) -> [@Sendable () -> Void] {
    running[operation.id] = nil
    return answers(operation)
  }

  private mutating func answers(_ operation: Operation) -> [@Sendable () -> Void] {
    guard let all = waiting[operation.id] else { return [] }
    let ready = all.filter { $0.after < operation.version }
    let rest = all.filter { $0.after >= operation.version }
    waiting[operation.id] = rest.isEmpty ? nil : rest
    return ready.map { waiting in { waiting.answer(operation) } }
  }

  /// Waits for a version above `after`; the number is for `leave`.
  mutating func wait(for id: String, after: Int, _ answer: @escaping Answer) -> Int {
    nextNumber += 1
    waiting[id, default: []].append(Waiting(number: nextNumber, after: after, answer: answer))
    return nextNumber
  }

  /// Stops waiting; the answer where it still waited.
  mutating func leave(_ id: String, _ number: Int) -> Answer? {
    guard let index = waiting[id]?.firstIndex(where: { $0.number == number }) else { return nil }
    let answer = waiting[id]?.remove(at: index).answer
    if waiting[id]?.isEmpty ?? false { waiting[id] = nil }
    return answer
  }
}
