/// Path and query of a request under `/v1`, percent-encoded (RFC 3986).
struct RequestPath: Hashable, Sendable {
  private var path = "/v1"
  private var query: [(name: String, value: String)] = []

  /// The path of these words, whatever characters they have; parameters without a value are left out.
  init(_ words: String..., query: KeyValuePairs<String, String?> = [:]) {
    for word in words { path += "/" + Self.encoded(word) }
    for (name, value) in query {
      if let value { self.query.append((name, value)) }
    }
  }

  /// Sets a parameter, also where it was set before.
  mutating func setQuery(_ name: String, _ value: String) {
    query.removeAll { $0.name == name }
    query.append((name, value))
  }

  /// As it is sent.
  var text: String {
    if query.isEmpty { return path }
    return path + "?" + query.map { "\(Self.encoded($0.name))=\(Self.encoded($0.value))" }.joined(separator: "&")
  }

  private static func encoded(_ text: String) -> String {
    var result = ""
    for byte in text.utf8 {
      let scalar = Unicode.Scalar(byte)
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      if isPlain || "-._~".unicodeScalars.contains(scalar) {
        result.unicodeScalars.append(scalar)
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        result += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return result
  }

  static func == (a: RequestPath, b: RequestPath) -> Bool { a.text == b.text }
  func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
