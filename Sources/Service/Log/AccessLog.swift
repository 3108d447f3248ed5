import API
import FoundationEssentials
import Glibc
import Quantities

/// One line a request, on standard error.
struct AccessLog: Sendable {
  struct Line: Sendable {
    var method: String
    var path: String
    var route: String
    var status: Int
    var user: String?
    var from: String
    var nanoseconds: UInt64

    init(
      method: String, path: String, route: String, status: Int, user: String?, from: String, _ nanoseconds: UInt64
    ) {
      (self.method, self.path, self.route, self.status) = (method, path, route, status)
      (self.user, self.from, self.nanoseconds) = (user, from, nanoseconds)
    }
  }

  private let format: ServiceSettings.LogFormat

  init(_ format: ServiceSettings.LogFormat) { self.format = format }

  func note(_ line: @autoclosure () -> Line) {
    switch format {
    case .none: return
    case .text: write(Self.text(line()))
    case .json: write(Self.json(line()))
    }
  }

  /// Something that is no request.
  func say(_ message: String) {
    switch format {
    case .none: return
    case .text: write("\(Timestamp.now) \(message.excerpt)")
    case .json: write(Self.json(["time": .text("\(Timestamp.now)"), "message": .text(message.excerpt)]))
    }
  }

  static func text(_ line: Line) -> String {
    // What a client sent is excerpted: no control characters, no endless lines.
    return
      "\(Timestamp.now) \(line.from) \(line.user ?? "-") \(line.method.excerpt) \(line.path.excerpt) \(line.status) "
      + "\(line.nanoseconds / 1000) us"
  }

  static func json(_ line: Line) -> String {
    json([
      "time": .text("\(Timestamp.now)"), "from": .text(line.from), "user": line.user.map { .text($0) } ?? .null,
      "method": .text(line.method.excerpt), "path": .text(line.path.excerpt), "route": .text(line.route),
      "status": .integer(line.status), "microseconds": .integer(Int(clamping: line.nanoseconds / 1000)),
    ])
  }

  private static func json(_ fields: JSON) -> String {
    // Nothing in it can fail to be encoded.
    String(decoding: (try? DocumentJSON.bytes(fields)) ?? [], as: UTF8.self)
  }

  private func write(_ line: String) {
    // One call, so that lines of several threads do not mix. A log that nobody takes is no reason to stop.
    let bytes = Array((line + "\n").utf8)
    _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
  }
}
