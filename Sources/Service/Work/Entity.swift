import WebServer

/// Bytes that are sent again and again, with the tag by which clients know them.
struct Entity: Sendable {
  var type: String
  var bytes: [UInt8]
  /// In quotes.
  var tag: String
  var headers: [(name: String, value: String)] = []

  /// - Parameter tag: Without quotes; nil is made of the bytes.
  init(type: String, _ bytes: [UInt8], tag: String? = nil) {
    self.type = type
    self.bytes = bytes
    self.tag = "\"\(tag ?? Self.digest(bytes))\""
  }

  /// The answer: 304 where the client has it already.
  func response(to request: Incoming) -> Response {
    if let known = request.header("If-None-Match"), EntityTags(known).includeWeakly(tag) {
      return Response(status: 304, headers: [("ETag", tag)] + headers)
    }
    return Response(status: 200, headers: [("Content-Type", type), ("ETag", tag)] + headers, body: bytes)
  }

  /// FNV-1a (64 bits) over the bytes: it tells versions apart, and protects nothing.
  private static func digest(_ bytes: [UInt8]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return String(hash, radix: 16) + "-" + String(bytes.count, radix: 16)
  }
}

/// The value of `If-Match` or `If-None-Match` (RFC 9110, section 13.1).
struct EntityTags: Sendable {
  /// `*`.
  let isAny: Bool
  /// With their quotes; those that are weak begin with `W/`.
  private let tags: [String]

  init(_ text: String) {
    let parts = text.split(separator: ",").map { $0.drop { $0 == " " || $0 == "\t" } }
    tags = parts.map { String($0.reversed().drop { $0 == " " || $0 == "\t" }.reversed()) }
    isAny = tags == ["*"]
  }

  /// By the strong comparison.
  func includeStrongly(_ tag: String) -> Bool { isAny || tags.contains(tag) }

  /// By the weak comparison.
  func includeWeakly(_ tag: String) -> Bool { isAny || tags.contains(tag) || tags.contains("W/" + tag) }
}
