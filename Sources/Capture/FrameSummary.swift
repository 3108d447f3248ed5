import Quantities

/// What a frame is, in a few words: Ethernet, ARP, IPv4, IPv6, ICMP, TCP and UDP.
///
/// Everything in it is made from numbers: none of the frame's octets is ever a character of a text.
public struct FrameSummary: Hashable, Sendable {
  public var sourceMAC: MACAddress?
  public var destinationMAC: MACAddress?
  /// Identifiers of its tags (IEEE 802.1Q), the outermost first; 8 at most are looked for.
  public var vlans: [UInt16] = []
  /// The innermost protocol known: `ARP`, `TCP`, `IPv4 protocol 89`, `EtherType 0x88cc`, `IEEE 802.3`.
  public var kind = "short frame"
  public var source: IPAddress?
  public var destination: IPAddress?
  public var sourcePort: UInt16?
  public var destinationPort: UInt16?
  /// What it says, such as `SYN ACK`; may be empty.
  public var detail = ""

  /// Summarises the octets that were kept of a frame, from its Ethernet header on.
  public init(_ frame: [UInt8]) {
    let reader = FrameReader(frame[...])
    destinationMAC = reader.mac(0)
    sourceMAC = reader.mac(6)
    var offset = 12
    while vlans.count < 8, let type = reader.number16(offset), [0x8100, 0x88a8, 0x9100].contains(type),
      let control = reader.number16(offset + 2)
    {
      vlans.append(control & 0xfff)
      offset += 4
    }
    guard let type = reader.number16(offset) else { return }
    let body = reader.from(offset + 2)
    switch type {
    case 0x0800: readV4(body)
    case 0x86dd: readV6(body)
    case 0x0806: readARP(body)
    case ..<0x0600: kind = "IEEE 802.3"
    default: kind = "EtherType 0x" + Self.hex(type)
    }
  }

  private static func hex(_ number: UInt16) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 4 - digits.count) + digits
  }

  /// RFC 826.
  private mutating func readARP(_ body: FrameReader) {
    kind = "ARP"
    guard let operation = body.number16(6) else { return }
    // Ethernet and IPv4: hardware type 1, protocol type 0x0800, lengths 6 and 4.
    guard body.number(0, octets: 6) == 0x0001_0800_0604, let sender = body.v4(14), let target = body.v4(24) else {
      detail = "operation \(operation)"
      return
    }
    source = sender
    destination = target
    switch operation {
    case 1: detail = "who has \(target)"
    case 2: detail = body.mac(8).map { "\(sender) is at \($0)" } ?? ""
    default: detail = "operation \(operation)"
    }
  }

  /// RFC 791.
  private mutating func readV4(_ body: FrameReader) {
    kind = "IPv4"
    guard let first = body.octet(0), first >> 4 == 4, let number = body.octet(9), let fragment = body.number16(6)
    else { return }
    source = body.v4(12)
    destination = body.v4(16)
    let isFirst = fragment & 0x1fff == 0
    let header = max(20, Int(first & 15) * 4)
    readPayload(number, body.from(header), version: 4, isFirst: isFirst)
    if fragment & 0x3fff != 0 { add("fragment at \(Int(fragment & 0x1fff) * 8)") }
  }

  /// RFC 8200; at most 8 extension headers are passed.
  private mutating func readV6(_ body: FrameReader) {
    kind = "IPv6"
    guard let first = body.octet(0), first >> 4 == 6, var next = body.octet(6) else { return }
    source = body.v6(8)
    destination = body.v6(24)
    var offset = 40
    var fragment: Int?
    for _ in 0..<8 where [0, 43, 44, 60].contains(next) {
      guard let following = body.octet(offset), let length = body.octet(offset + 1) else { return }
      if next == 44 { fragment = body.number16(offset + 2).map { Int($0 & 0xfff8) } }
      offset += next == 44 ? 8 : (Int(length) + 1) * 8
      next = following
    }
    readPayload(next, body.from(offset), version: 6, isFirst: (fragment ?? 0) == 0)
    if let fragment { add("fragment at \(fragment)") }
  }

  private mutating func readPayload(_ number: UInt8, _ body: FrameReader, version: Int, isFirst: Bool) {
    switch (number, version) {
    case (1, 4): kind = "ICMP"
    case (58, 6): kind = "ICMPv6"
    case (6, _): kind = "TCP"
    case (17, _): kind = "UDP"
    default: kind = "IPv\(version) protocol \(number)"
    }
    guard isFirst else { return }
    switch kind {
    case "TCP", "UDP":
      sourcePort = body.number16(0)
      destinationPort = body.number16(2)
      if kind == "TCP", let flags = body.octet(13) { detail = Self.flags(flags) }
    case "ICMP": readMessage(body, Self.messages)
    case "ICMPv6": readMessage(body, Self.messages6)
    default: break
    }
  }

  /// RFC 9293, section 3.1, from the least significant bit.
  private static func flags(_ bits: UInt8) -> String {
    let names = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"]
    return names.enumerated().filter { bits >> UInt8($0.offset) & 1 == 1 }.map(\.element).joined(separator: " ")
  }

  private mutating func readMessage(_ body: FrameReader, _ names: [UInt8: String]) {
    guard let type = body.octet(0), let code = body.octet(1) else { return }
    detail = names[type] ?? "type \(type) code \(code)"
    guard detail.hasPrefix("echo"), let id = body.number16(4), let sequence = body.number16(6) else { return }
    detail += " id \(id) seq \(sequence)"
  }

  /// RFC 792.
  private static let messages: [UInt8: String] = [
    0: "echo reply", 3: "unreachable", 5: "redirect", 8: "echo request", 11: "time exceeded",
  ]

  /// RFC 4443 and RFC 4861.
  private static let messages6: [UInt8: String] = [
    1: "unreachable", 2: "packet too big", 3: "time exceeded", 128: "echo request", 129: "echo reply",
    133: "router solicitation", 134: "router advertisement", 135: "neighbour solicitation",
    136: "neighbour advertisement",
  ]

  private mutating func add(_ words: String) { detail += detail.isEmpty ? words : ", " + words }
}
