import Quantities

/// An Ethernet frame: as it is sent, or as it was received, its outer tag apart.
struct Frame: Equatable {
  var destination: UInt64
  var source: UInt64
  /// The outer tag's VLAN and priority, where the frame was received with one.
  var tci: UInt16?
  var etherType: UInt16
  var payload: [UInt8]

  init(to destination: UInt64, from source: UInt64, type: UInt16 = Frame.marked, payload: [UInt8]) {
    self.destination = destination
    self.source = source
    etherType = type
    self.payload = payload
  }

  /// A frame that a test knows by its number; 46 bytes of payload, Ethernet's least.
  init(to destination: UInt64, from source: UInt64, number: UInt8) {
    self.init(to: destination, from: source, payload: [number] + [UInt8](repeating: 0xa5, count: 45))
  }

  /// Nil where it is shorter than a header.
  init?(received bytes: [UInt8], tci: UInt16?) {
    guard bytes.count >= 14 else { return nil }
    let number = { (range: Range<Int>) in bytes[range].reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
    self.init(
      to: number(0..<6), from: number(6..<12), type: UInt16(number(12..<14)), payload: Array(bytes[14...]))
    self.tci = tci
  }

  /// The EtherType for local experiments (IEEE 802, 9.2.3).
  static let marked: UInt16 = 0x88b5
  static let broadcast: UInt64 = 0xffff_ffff_ffff

  var vlan: UInt16? { tci.map { $0 & 0xfff } }
  /// The number of a frame of `init(to:from:number:)`.
  var number: UInt8? { etherType == Self.marked ? payload.first : nil }

  /// The frame on the wire, without a tag of `tci`.
  var bytes: [UInt8] {
    func octets(_ value: UInt64, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
    }
    return octets(destination, 6) + octets(source, 6) + octets(UInt64(etherType), 2) + payload
  }

  /// The same frame with a tag in front of its type.
  func tagged(_ tci: UInt16, protocol tagType: UInt16 = 0x8100) -> Frame {
    let inner = [UInt8(tci >> 8), UInt8(tci & 0xff), UInt8(etherType >> 8), UInt8(etherType & 0xff)]
    return Frame(to: destination, from: source, type: tagType, payload: inner + payload)
  }
}
