import Quantities

/// Reads a frame's octets in the order of the network; nothing beyond its end is ever read.
struct FrameReader {
  private let bytes: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  var count: Int { bytes.count }

  /// The octet at an offset; nil beyond the end.
  func octet(_ offset: Int) -> UInt8? {
    offset >= 0 && offset < bytes.count ? bytes[bytes.startIndex + offset] : nil
  }

  /// A number of so many octets; nil where it is not all there.
  func number(_ offset: Int, octets: Int) -> UInt64? {
    guard offset >= 0, octets <= 8, offset + octets <= bytes.count else { return nil }
    let start = bytes.startIndex + offset
    return bytes[start..<start + octets].reduce(0) { $0 << 8 | UInt64($1) }
  }

  func number16(_ offset: Int) -> UInt16? { number(offset, octets: 2).map { UInt16(truncatingIfNeeded: $0) } }

  func mac(_ offset: Int) -> MACAddress? { number(offset, octets: 6).map(MACAddress.init(rawValue:)) }

  func v4(_ offset: Int) -> IPAddress? { number(offset, octets: 4).map { .v4(UInt32(truncatingIfNeeded: $0)) } }

  func v6(_ offset: Int) -> IPAddress? {
    guard let upper = number(offset, octets: 8), let lower = number(offset + 8, octets: 8) else { return nil }
    return .v6(UInt128(upper) << 64 | UInt128(lower))
  }

  /// What begins at an offset; empty beyond the end.
  func from(_ offset: Int) -> FrameReader { FrameReader(bytes.dropFirst(max(0, offset))) }
}
