/// How packets are written down, always in little-endian order.
public enum CaptureFormat: Hashable, Sendable {
  /// Of one interface, whose name it does not keep, with nanoseconds (draft-ietf-opsawg-pcap, magic `a1b23c4d`).
  case pcap
  /// Of several, with their names (draft-ietf-opsawg-pcapng).
  case pcapng

  /// The simplest that does for so many interfaces.
  public init(points: Int) { self = points == 1 ? .pcap : .pcapng }

  /// What a file begins with.
  public func header(labels: [String], snapLength: Int) -> [UInt8] {
    let link: UInt16 = 1  // LINKTYPE_ETHERNET
    var bytes: [UInt8] = []
    switch self {
    case .pcap:
      bytes.put32(0xa1b2_3c4d)
      bytes.put16(2)
      bytes.put16(4)
      bytes.put32(0)
      bytes.put32(0)
      bytes.put32(UInt32(snapLength))
      bytes.put32(UInt32(link))
    case .pcapng:
      bytes.putBlock(0x0a0d_0d0a) { body in
        body.put32(0x1a2b_3c4d)
        body.put16(1)
        body.put16(0)
        body.put64(.max)  // the section's length is not known
        body.putOption(4, Array("virtcloud".utf8))  // shb_userappl
        body.putOption(0, [])
      }
      for label in labels {
        bytes.putBlock(1) { body in
          body.put16(link)
          body.put16(0)
          body.put32(UInt32(snapLength))
          body.putOption(2, Array(label.utf8))  // if_name
          body.putOption(9, [9])  // if_tsresol: nanoseconds
          body.putOption(0, [])
        }
      }
    }
    return bytes
  }

  /// Adds a packet.
  public func write(_ packet: CapturedPacket, to bytes: inout [UInt8]) {
    switch self {
    case .pcap:
      bytes.put32(UInt32(truncatingIfNeeded: packet.time / 1_000_000_000))
      bytes.put32(UInt32(packet.time % 1_000_000_000))
      bytes.put32(UInt32(packet.bytes.count))
      bytes.put32(UInt32(clamping: packet.length))
      bytes += packet.bytes
    case .pcapng:
      bytes.putBlock(6) { body in
        body.put32(UInt32(packet.point))
        body.putTime(packet.time)
        body.put32(UInt32(packet.bytes.count))
        body.put32(UInt32(clamping: packet.length))
        body += packet.bytes
        body.pad()
      }
    }
  }

  /// What a file ends with: how many packets the kernel dropped at each interface, where the format can tell.
  public func trailer(dropped: [Int], time: UInt64) -> [UInt8] {
    var bytes: [UInt8] = []
    guard self == .pcapng else { return bytes }
    for (point, count) in dropped.enumerated() {
      bytes.putBlock(5) { body in
        body.put32(UInt32(point))
        body.putTime(time)
        var number: [UInt8] = []
        number.put64(UInt64(max(0, count)))
        body.putOption(5, number)  // isb_ifdrop
        body.putOption(0, [])
      }
    }
    return bytes
  }
}

extension [UInt8] {
  fileprivate mutating func put16(_ number: UInt16) {
    append(UInt8(truncatingIfNeeded: number))
    append(UInt8(truncatingIfNeeded: number >> 8))
  }

  fileprivate mutating func put32(_ number: UInt32) {
    put16(UInt16(truncatingIfNeeded: number))
    put16(UInt16(truncatingIfNeeded: number >> 16))
  }

  fileprivate mutating func put64(_ number: UInt64) {
    put32(UInt32(truncatingIfNeeded: number))
    put32(UInt32(truncatingIfNeeded: number >> 32))
  }

  /// The upper half comes first, whatever the order of octets.
  fileprivate mutating func putTime(_ time: UInt64) {
    put32(UInt32(truncatingIfNeeded: time >> 32))
    put32(UInt32(truncatingIfNeeded: time))
  }

  fileprivate mutating func pad() {
    while count % 4 != 0 { append(0) }
  }

  fileprivate mutating func putOption(_ code: UInt16, _ value: [UInt8]) {
    put16(code)
    put16(UInt16(clamping: value.count))
    self += value.prefix(Int(UInt16.max))
    pad()
  }

  /// Type, length, body, and the length once more.
  fileprivate mutating func putBlock(_ type: UInt32, _ fill: (inout [UInt8]) -> Void) {
    var body: [UInt8] = []
    fill(&body)
    let length = UInt32(body.count + 12)
    put32(type)
    put32(length)
    self += body
    put32(length)
  }
}
