/// A whole request, as a client sent it.
public struct Request: Sendable {
  /// `GET`, `POST`, or any other token, as it came.
  public let method: String
  /// What it is about; see `path`, `rawPath` and `query`.
  public let target: RequestTarget
  /// Empty where there is none.
  public let body: [UInt8]
  /// Who sent it.
  public let peer: Peer
  /// The connection's number, which no other connection of the process has; requests on one connection share it.
  public let connection: UInt64
  /// The headers: `name NUL value NUL`, one after the other.
  let headerBytes: [UInt8]

  /// The path's segments, decoded and free of tricks (`RequestTarget`).
  public var path: [String] { target.path }
  /// The path as it came.
  public var rawPath: String { target.rawPath }
  /// The query's pairs in order, decoded.
  public var query: [RequestTarget.Parameter] { target.query }

  /// The first value of a query's parameter.
  public func parameter(_ name: String) -> String? { target.query.first { $0.name == name }?.value }

  /// A header's value, the first one's where there are several; names know no case.
  public func header(_ name: String) -> String? {
    var name = name
    return name.withUTF8 { wanted in headerBytes.withUnsafeBufferPointer { Self.find(wanted, in: $0) } }
  }

  /// Every header in order, with its name as it came.
  public var headers: [(name: String, value: String)] {
    var parts = headerBytes.split(separator: 0, omittingEmptySubsequences: false)[...]
    var headers: [(name: String, value: String)] = []
    while parts.count > 1 {
      headers.append(
        (String(decoding: parts.removeFirst(), as: UTF8.self), String(decoding: parts.removeFirst(), as: UTF8.self)))
    }
    return headers
  }

  private static func find(_ wanted: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>) -> String? {
    var start = 0
    while start < bytes.count {
      let nameEnd = end(from: start, in: bytes)
      let valueEnd = end(from: nameEnd + 1, in: bytes)
      if nameEnd - start == wanted.count, isSame(wanted, bytes[start..<nameEnd]) {
        return String(decoding: bytes[(nameEnd + 1)..<valueEnd], as: UTF8.self)
      }
      start = valueEnd + 1
    }
    return nil
  }

  private static func end(from start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var index = start
    while index < bytes.count, bytes[index] != 0 { index += 1 }
    return min(index, bytes.count)
  }

  private static func isSame(_ one: UnsafeBufferPointer<UInt8>, _ other: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    for (one, other) in zip(one, other) where lower(one) != lower(other) { return false }
    return true
  }

  private static func lower(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
  }
}
