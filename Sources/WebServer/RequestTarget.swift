import Quantities

/// The path and the query of a request, decoded from its first line (RFC 9112, section 3.2; RFC 3986).
///
/// Strict: what two readers could understand differently is refused, so that nothing gets past a rule by being
/// written in another way.
public struct RequestTarget: Hashable, Sendable {
  /// The path's segments, decoded; without the empty one that a `/` at the end makes.
  public var path: [String]
  /// The path as it came, still encoded; `*` for the server as a whole.
  public var rawPath: String
  /// The query's pairs in order, decoded; `+` is a blank.
  public var query: [Parameter]

  /// A pair of a query; without `=` the value is empty.
  public typealias Parameter = (name: String, value: String)

  /// Reads a target.
  ///
  /// - Parameter raw: what stands between method and version: `/path?query`, `http://host/path?query` or `*`.
  /// - Throws: a `Problem` `malformed-target` for what is no target, a segment that is empty (but the last), `.` or
  ///   `..`, an encoded `/`, a control character, and bytes that are no UTF-8.
  public init(raw: some Sequence<UInt8>) throws(Problem) {
    self = try Array(raw).withUnsafeBufferPointer { bytes throws(Problem) in try RequestTarget(bytes: bytes[...]) }
  }

  init(bytes whole: Slice<UnsafeBufferPointer<UInt8>>) throws(Problem) {
    for byte in whole where byte <= 0x20 || byte >= 0x7f || byte == UInt8(ascii: "#") {
      throw Self.malformed("holds a byte that must be percent-encoded")
    }
    if whole.count == 1, whole.first == UInt8(ascii: "*") {
      (path, rawPath, query) = ([], "*", [])
      return
    }
    let local = try Self.withoutAuthority(whole)
    let mark = local.firstIndex(of: UInt8(ascii: "?"))
    let pathBytes = local[..<(mark ?? local.endIndex)]
    rawPath = String(decoding: pathBytes, as: UTF8.self)
    path = try Self.segments(pathBytes.dropFirst())
    query = try mark.map { mark throws(Problem) in try Self.parameters(local[(mark + 1)...]) } ?? []
  }

  public static func == (one: RequestTarget, other: RequestTarget) -> Bool {
    one.path == other.path && one.rawPath == other.rawPath
      && one.query.elementsEqual(other.query) { $0.name == $1.name && $0.value == $1.value }
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(rawPath) }
}

extension RequestTarget {
  typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

  /// What follows `http://host` where that is given, as clients do that think they talk to a proxy.
  private static func withoutAuthority(_ whole: Bytes) throws(Problem) -> Bytes {
    if whole.first == UInt8(ascii: "/") { return whole }
    guard let colon = whole.firstIndex(of: UInt8(ascii: ":")) else { throw malformed("does not begin with '/'") }
    let scheme = String(decoding: whole[..<colon], as: UTF8.self).lowercased()
    let rest = whole[(colon + 1)...]
    guard scheme == "http" || scheme == "https", rest.starts(with: "//".utf8),
      let slash = rest.dropFirst(2).firstIndex(of: UInt8(ascii: "/")), slash > rest.startIndex + 2
    else { throw malformed("does not begin with '/'") }
    return rest[slash...]
  }

  private static func segments(_ bytes: Bytes) throws(Problem) -> [String] {
    var segments: [String] = []
    var start = bytes.startIndex
    while start < bytes.endIndex {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "/")) ?? bytes.endIndex
      let segment = try decode(bytes[start..<end], plusIsBlank: false)
      guard !segment.isEmpty else { throw malformed("has an empty segment") }
      guard segment != ".", segment != ".." else { throw malformed("has a segment '.' or '..'") }
      for byte in segment.utf8 where byte < 0x20 || byte == 0x7f || byte == UInt8(ascii: "/") {
        throw malformed("has an encoded '/' or control character in a segment")
      }
      segments.append(segment)
      start = end < bytes.endIndex ? end + 1 : end
    }
    return segments
  }

  private static func parameters(_ bytes: Bytes) throws(Problem) -> [Parameter] {
    var parameters: [Parameter] = []
    for pair in bytes.split(separator: UInt8(ascii: "&")) {
      let sign = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
      let name = try decode(pair[..<sign], plusIsBlank: true)
      let value = try decode(pair[sign...].dropFirst(), plusIsBlank: true)
      guard !name.utf8.contains(0), !value.utf8.contains(0) else { throw malformed("has a NUL in its query") }
      parameters.append((name, value))
    }
    return parameters
  }

  private static func decode(_ bytes: Bytes, plusIsBlank: Bool) throws(Problem) -> String {
    let isPlain = !bytes.contains { $0 == UInt8(ascii: "%") || (plusIsBlank && $0 == UInt8(ascii: "+")) }
    if isPlain { return String(decoding: bytes, as: UTF8.self) }
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      switch bytes[index] {
      case UInt8(ascii: "%"):
        guard bytes.endIndex - index > 2, let high = digit(bytes[index + 1]), let low = digit(bytes[index + 2])
        else { throw malformed("has a '%' without two hexadecimal digits") }
        decoded.append(high << 4 | low)
        index += 3
      case UInt8(ascii: "+") where plusIsBlank:
        decoded.append(0x20)
        index += 1
      case let byte:
        decoded.append(byte)
        index += 1
      }
    }
    guard let text = String(validating: decoded, as: UTF8.self) else { throw malformed("is no UTF-8 when decoded") }
    return text
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  private static func malformed(_ what: String) -> Problem {
    Problem(
      .invalid, "malformed-target", "The request's target \(what).",
      remedy: "Ask for an absolute path whose segments are percent-encoded UTF-8.")
  }
}
