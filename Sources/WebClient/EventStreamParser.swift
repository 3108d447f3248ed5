/// Reads `text/event-stream` piece by piece (WHATWG HTML, section 9.2.6), wherever the pieces are cut.
///
/// Lines end with CR, LF or CRLF; an event that was not ended by an empty line is never given.
public struct EventStreamParser: Sendable {
  /// One event as its sender meant it.
  public struct Event: Hashable, Sendable {
    /// The last id that was given, by this event or an earlier one; what `Last-Event-ID` wants. Empty: none yet.
    public var id: String
    /// The event's type, `message` where none was given.
    public var event: String
    /// The lines of data, joined by LF.
    public var data: String

    /// `event` is `message` where the stream does not name one (WHATWG HTML, section 9.2.6).
    public init(id: String = "", event: String = "message", data: String) {
      self.id = id
      self.event = event
      self.data = data
    }
  }

  /// The sender's event is larger than the parser was told to hold.
  public struct TooLarge: Error, Hashable, Sendable {
    /// How many bytes one event may have.
    public var limit: Int

    /// `limit` is the largest event, in octets of its lines.
    public init(limit: Int) { self.limit = limit }
  }

  /// The last id of an event that was given.
  public private(set) var lastEventID = ""
  /// How long to wait before connecting again, in milliseconds, where the sender said so.
  public private(set) var retryMilliseconds: Int?

  private let limit: Int
  private var line: [UInt8] = []
  private var data: [UInt8] = []
  private var type: [UInt8] = []
  private var id = ""
  private var isAfterReturn = false
  private var isFirstLine = true

  /// A parser for one connection; `limit` is the largest event in bytes, and `lastEventID` what an earlier
  /// connection had.
  public init(limit: Int = 1 << 20, lastEventID: String = "") {
    self.limit = limit
    self.lastEventID = lastEventID
    id = lastEventID
  }

  /// Takes the next bytes and returns the events that they complete. Throws `TooLarge`; the parser is useless then.
  public mutating func feed(_ bytes: [UInt8]) throws(TooLarge) -> [Event] {
    var events: [Event] = []
    for byte in bytes {
      let isSecondHalf = isAfterReturn && byte == UInt8(ascii: "\n")
      isAfterReturn = byte == UInt8(ascii: "\r")
      if isSecondHalf { continue }
      if byte == UInt8(ascii: "\n") || isAfterReturn {
        if let event = endLine() { events.append(event) }
      } else {
        line.append(byte)
      }
      if line.count + data.count > limit { throw TooLarge(limit: limit) }
    }
    return events
  }

  private mutating func endLine() -> Event? {
    defer { line.removeAll(keepingCapacity: true) }
    if isFirstLine {
      isFirstLine = false
      if line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
    }
    if line.isEmpty { return dispatch() }
    // A line that begins with a colon is a comment: its field has no name, which is none of those below.
    let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
    var value = line[min(colon + 1, line.endIndex)...]
    if value.first == UInt8(ascii: " ") { value.removeFirst() }
    take(field: line[..<colon], value: value)
    return nil
  }

  private mutating func take(field: ArraySlice<UInt8>, value: ArraySlice<UInt8>) {
    switch String(decoding: field, as: UTF8.self) {
    case "event": type = Array(value)
    case "data":
      data.append(contentsOf: value)
      data.append(UInt8(ascii: "\n"))
    case "id":
      if !value.contains(0) { id = String(decoding: value, as: UTF8.self) }
    case "retry":
      let isNumber = value.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      if isNumber, let number = Int(String(decoding: value, as: UTF8.self)) { retryMilliseconds = number }
    default: break
    }
  }

  private mutating func dispatch() -> Event? {
    defer {
      data.removeAll(keepingCapacity: true)
      type.removeAll(keepingCapacity: true)
    }
    lastEventID = id
    if data.isEmpty { return nil }
    return Event(
      id: id, event: type.isEmpty ? "message" : String(decoding: type, as: UTF8.self),
      data: String(decoding: data.dropLast(), as: UTF8.self))
  }
}
