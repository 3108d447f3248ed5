/// Lines out of a stream of octets, however it is cut.
struct LineBuffer {
  /// A line that is longer is cut here.
  static let longest = 1000
  private var partial: [UInt8] = []

  /// The lines that these octets complete, without their ends.
  mutating func add(_ octets: some Sequence<UInt8>) -> [String] {
    var lines: [String] = []
    for octet in octets {
      if octet == UInt8(ascii: "\n") {
        lines.append(String(decoding: partial, as: UTF8.self))
        partial.removeAll(keepingCapacity: true)
      } else if octet != UInt8(ascii: "\r"), partial.count < Self.longest {
        partial.append(octet)
      }
    }
    return lines
  }
}

/// The last lines of a log.
struct LineTail {
  static let count = 20
  private(set) var lines: [String] = []

  mutating func add(_ line: String) {
    guard !line.isEmpty else { return }
    lines.append(line)
    if lines.count > Self.count { lines.removeFirst() }
  }

  /// The last line that says something: a process's last words are mostly that it ends.
  var telling: String? {
    lines.last { !$0.hasPrefix("Exiting due to fatal error") && !$0.hasPrefix("Use --help") } ?? lines.last
  }
}
