import FoundationEssentials
import Glibc
import Linux
import Quantities

/// What a service that is being started says to whoever started it, through a descriptor that it inherits.
enum ReadySignal {
  static let ready = "ready\n"

  /// Everything that is written until the other end is closed.
  static func read(from reader: borrowing Descriptor) throws -> String {
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = Glibc.read(reader.rawValue, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      try check(count, "read", "what the service says")
      if count == 0 { return String(decoding: text, as: UTF8.self) }
      text += chunk.prefix(count)
    }
  }

  /// The problem that was told instead.
  static func problem(in text: String) -> Problem? {
    // What is no problem is told as it is by the caller.
    try? JSONDecoder().decode(Problem.self, from: Data(text.utf8))
  }

  /// Tells that the service answers.
  static func tellReady(_ descriptor: Int32) { tell(ready, descriptor) }

  /// Tells why it will not.
  static func tell(_ problem: Problem, _ descriptor: Int32) {
    // A problem is strings, which can always be encoded.
    let bytes = (try? JSONEncoder().encode(problem)) ?? Data()
    tell(String(decoding: bytes, as: UTF8.self), descriptor)
  }

  /// Whoever started it may be gone, which is no error of the service.
  private static func tell(_ text: String, _ descriptor: Int32) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { break }
      rest = rest.dropFirst(count)
    }
    close(descriptor)
  }
}
