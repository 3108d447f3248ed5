import Quantities
import Synchronization

/// What an agent tells its operator: each thing once, however often it comes to pass.
final class AgentLog: Sendable {
  private let said = Mutex<[String: String]>([:])
  private let write: @Sendable (String) -> Void

  /// `write` gets one line at a time, from any thread.
  init(_ write: @escaping @Sendable (String) -> Void) { self.write = write }

  /// Says `text` unless it is what was said about `topic` last; nil is that nothing is wrong any more.
  func say(_ topic: String, _ text: String?) {
    let isNew = said.withLock { said in
      defer { said[topic] = text }
      return said[topic] != text
    }
    if isNew, let text { write(text) }
  }
}

extension Problem {
  /// One line: what it is, and what can be done.
  var words: String { "\(message) \(remedy) (\(code))" }
}
