import Quantities

/// One request to a server whose address the client knows.
public struct WebRequest: Hashable, Sendable {
  /// Such as `GET`.
  public var method: String
  /// Path and query, beginning with `/`, percent-encoded.
  public var path: String
  /// Names and values; a name may come more than once.
  public var headers: [WebHeader]
  /// The body, or nil for none (which is not the same as an empty one).
  public var body: [UInt8]?
  /// The longest time from the start to the last byte; nil for no limit.
  public var timeout: Duration?

  /// Nothing is checked before it is sent; a request ends after 30 s unless it is said.
  public init(
    _ method: String, _ path: String, headers: [WebHeader] = [], body: [UInt8]? = nil,
    timeout: Duration? = .seconds(30)
  ) {
    self.method = method
    self.path = path
    self.headers = headers
    self.body = body
    self.timeout = timeout
  }

  /// Throws `Problem` `request-invalid` where a text would change the meaning of those around it.
  func check() throws {
    let isToken = { (text: String) in !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3A } }
    guard isToken(method) else { throw Self.invalid("the method '\(method)'") }
    guard path.hasPrefix("/"), path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !path.contains("#") else {
      throw Self.invalid("the path '\(path)'")
    }
    for header in headers {
      guard isToken(header.name), header.value.utf8.allSatisfy({ $0 == 0x09 || $0 >= 0x20 && $0 != 0x7F }) else {
        throw Self.invalid("the header '\(header.name)'")
      }
    }
  }

  private static func invalid(_ what: String) -> Problem {
    Problem(
      .invalid, "request-invalid", "The request cannot be sent: \(what) contains characters that HTTP does not allow.",
      remedy: "Percent-encode paths; leave control characters out.")
  }
}

/// A header's name and value.
public struct WebHeader: Hashable, Sendable {
  /// As it is sent; of a response in lower case.
  public var name: String
  /// Without the line's end.
  public var value: String

  /// Nothing is checked before it is sent.
  public init(_ name: String, _ value: String) {
    self.name = name
    self.value = value
  }
}

/// What a server answered.
public struct WebResponse: Hashable, Sendable {
  /// The status code, such as 200.
  public var status: Int
  /// The headers in their order, names in lower case.
  public var headers: [WebHeader]
  /// The body; empty where a stream's bytes went to its receiver.
  public var body: [UInt8]

  /// Names of `headers` in lower case, as `header` looks for them.
  public init(status: Int, headers: [WebHeader] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// The first value of a header, whatever the case of its name.
  public func header(_ name: String) -> String? {
    let wanted = name.lowercased()
    return headers.first { $0.name == wanted }?.value
  }

  /// The body as text; what is no UTF-8 is replaced.
  public var text: String { String(decoding: body, as: UTF8.self) }
}
