import Quantities

/// What a client gets.
public struct Response: Sendable {
  /// What follows the headers.
  public enum Body: Sendable {
    /// All of it.
    case bytes([UInt8])
    /// Bytes that come as they are written; the connection stays with the stream until it ends.
    case stream(EventStream)
  }

  /// 200 to 999 (RFC 9110, section 15).
  public var status: Int
  /// Names and values; `Date`, `Content-Length`, `Transfer-Encoding` and `Connection` are the server's own.
  public var headers: [(name: String, value: String)]
  /// What follows the headers.
  public var body: Body

  /// An answer that is there as a whole.
  public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    (self.status, self.headers, self.body) = (status, headers, .bytes(body))
  }

  /// An answer whose body comes bit by bit; a stream answers one request.
  public init(status: Int, headers: [(name: String, value: String)] = [], body: EventStream) {
    (self.status, self.headers, self.body) = (status, headers, .stream(body))
  }
}

extension Response {
  /// A problem as RFC 9457 has it (`application/problem+json`), with the command line's code and remedy.
  public init(status: Int, problem: Problem, headers: [(name: String, value: String)] = []) {
    let fields: [(String, String)] = [
      ("title", StatusText.of(status)), ("code", problem.code), ("detail", problem.message),
      ("remedy", problem.remedy),
    ]
    var text = "{\"type\":\"about:blank\",\"status\":\(status)"
    for (name, value) in fields { text += ",\"\(name)\":\(JSONText.quote(value))" }
    if let location = problem.location { text += ",\"location\":\(JSONText.quote(location))" }
    self.init(
      status: status, headers: [("Content-Type", "application/problem+json")] + headers,
      body: Array((text + "}\n").utf8))
  }
}

/// Text as JSON writes it (RFC 8259, section 7).
enum JSONText {
  static func quote(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
