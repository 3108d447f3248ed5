import Quantities

/// A packet on one line for a person.
public enum PacketLine {
  /// `12:34:56.123456 a:eth0 10.0.0.1:40000 > 10.0.0.2:80 TCP SYN, 74 octets`; the time is UTC.
  ///
  /// Whatever the packet and the label hold, the line is printable.
  public static func text(_ packet: CapturedPacket, label: String) -> String {
    let summary = FrameSummary(packet.bytes)
    let tags = summary.vlans.map { "VLAN \($0) " }.joined()
    let ends = "\(summary.sourceText) > \(summary.destinationText)"
    let detail = summary.detail.isEmpty ? "" : " " + summary.detail
    return "\(time(packet.time)) \(visible(label)) \(ends) \(tags)\(summary.kind)\(detail), \(packet.length) octets"
  }

  /// The time of day, in UTC, with microseconds.
  static func time(_ nanoseconds: UInt64) -> String {
    let second = nanoseconds / 1_000_000_000
    let parts = [second / 3600 % 24, second / 60 % 60, second % 60].map { padded($0, 2) }
    return parts.joined(separator: ":") + "." + padded(nanoseconds % 1_000_000_000 / 1000, 6)
  }

  /// RFC 3339 with nanoseconds: `2026-11-21T08:00:00.000000001Z`.
  public static func moment(_ nanoseconds: UInt64) -> String {
    let whole = Timestamp(seconds: Int64(clamping: nanoseconds / 1_000_000_000)).description
    return whole.dropLast() + "." + padded(nanoseconds % 1_000_000_000, 9) + "Z"
  }

  /// Characters that could command a terminal are written as `\u{1b}`.
  static func visible(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      let isPrintable = scalar.properties.generalCategory != .control && scalar.properties.generalCategory != .format
      if isPrintable {
        result.unicodeScalars.append(scalar)
      } else {
        result += "\\u{\(String(scalar.value, radix: 16))}"
      }
    }
    return result
  }

  private static func padded(_ number: UInt64, _ count: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, count - digits.count)) + digits
  }
}

extension FrameSummary {
  /// Its address and port, or its MAC address where it has none.
  public var sourceText: String { Self.text(source, sourcePort, sourceMAC) }
  /// Where it goes, as `sourceText`.
  public var destinationText: String { Self.text(destination, destinationPort, destinationMAC) }

  private static func text(_ address: IPAddress?, _ port: UInt16?, _ mac: MACAddress?) -> String {
    guard let address else { return mac.map { "\($0)" } ?? "?" }
    guard let port else { return "\(address)" }
    return address.version == 6 ? "[\(address)]:\(port)" : "\(address):\(port)"
  }
}
