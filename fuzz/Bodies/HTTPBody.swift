import Quantities
import WebClient
import WebServer

/// What comes in over a connection before anybody knows who sent it.
enum HTTPBody {
  static func run(_ input: [UInt8]) {
    if let target = try? RequestTarget(raw: input) {
      checkPath(target)
      for (name, value) in target.query {
        quantities(name)
        quantities(value)
      }
    }
    stream(input)
  }

  /// No segment may lead elsewhere than it says, and the path must be read again as it was.
  private static func checkPath(_ target: RequestTarget) {
    for segment in target.path {
      require(!segment.isEmpty && segment != "." && segment != "..", "a segment that leads elsewhere")
      require(!segment.utf8.contains { $0 < 0x20 || $0 == 0x2f || $0 == 0x7f }, "a segment with a separator")
    }
    guard target.rawPath != "*" else { return }
    let again = try? RequestTarget(raw: target.rawPath.utf8)
    require(again?.path == target.path && again?.rawPath == target.rawPath, "a path that is read in two ways")
  }

  /// The texts that routes read out of queries; each value must be read again from its own text.
  private static func quantities(_ text: String) {
    again(try? Name(parsing: text), Name.init(parsing:))
    again(try? Bitrate(parsing: text), Bitrate.init(parsing:))
    again(try? ByteCount(parsing: text), ByteCount.init(parsing:))
    again(try? Cores(parsing: text), Cores.init(parsing:))
    again(try? Timestamp(parsing: text), Timestamp.init(parsing:))
    again(try? IPAddress(parsing: text), IPAddress.init(parsing:))
    again(try? IPPrefix(parsing: text), IPPrefix.init(parsing:))
    again(try? MACAddress(parsing: text), MACAddress.init(parsing:))
    again(try? VLANSet(parsing: text), VLANSet.init(parsing:))
    if let duration = try? Duration(parsing: text) {
      require((try? Duration(parsing: duration.text)) == duration, "a duration that changes: \(duration.text)")
    }
  }

  private static func again<Value: Equatable & CustomStringConvertible>(
    _ value: Value?, _ parse: (String) throws -> Value
  ) {
    guard let value else { return }
    require((try? parse(value.description)) == value, "a \(Value.self) that changes: \(value)")
  }

  /// Wherever a stream is cut, its events are the same.
  private static func stream(_ input: [UInt8]) {
    let whole = events(input, cut: input.count, limit: 256)
    let cut = Int(input.first ?? 0) % 7 + 1
    require(events(input, cut: cut, limit: 256) == whole, "events that depend on where the stream is cut")
  }

  private static func events(_ input: [UInt8], cut: Int, limit: Int) -> [EventStreamParser.Event]? {
    var parser = EventStreamParser(limit: limit)
    var events: [EventStreamParser.Event] = []
    var start = 0
    while start < input.count {
      let end = min(start + cut, input.count)
      guard let more = try? parser.feed(Array(input[start..<end])) else { return nil }
      events += more
      start = end
    }
    return events
  }
}
