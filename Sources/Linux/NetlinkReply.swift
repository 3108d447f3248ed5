import CNetlink
import Glibc

/// One message from the kernel, inside the buffer that it was received into: never keep it.
///
/// Nothing is believed: lengths are checked against the buffer, and what does not fit ends the reading.
struct NetlinkReply {
  /// The answer to a request.
  struct Acknowledgement {
    /// Positive; 0 is success.
    var errno: Int32
    /// `NLMSGERR_ATTR_MSG`.
    var message: String?
  }

  let type: Int
  let flags: UInt16
  let sequence: UInt32
  /// What follows the `struct nlmsghdr`.
  let payload: UnsafeRawBufferPointer

  /// The payload's first bytes as a fixed structure; nil where it is shorter.
  func header<Header: BitwiseCopyable>(_: Header.Type) -> Header? {
    guard payload.count >= MemoryLayout<Header>.size else { return nil }
    return payload.loadUnaligned(as: Header.self)
  }

  /// The attributes behind a fixed structure.
  func attributes(after size: Int) -> NetlinkAttributes {
    NetlinkAttributes(payload.dropFirst((size + 3) & ~3))
  }

  /// Set for an `NLMSG_ERROR` message.
  var acknowledgement: Acknowledgement? {
    guard type == NLMSG_ERROR, payload.count >= 4 else { return nil }
    let code = payload.loadUnaligned(as: Int32.self)
    return Acknowledgement(errno: code == .min ? EPROTO : -code, message: extendedMessage)
  }

  /// The extended message lies behind the header of the request that failed, and behind the request
  /// itself unless that was left out (`NLM_F_CAPPED`).
  private var extendedMessage: String? {
    guard Int32(flags) & Int32(NLM_F_ACK_TLVS) != 0, payload.count >= 20 else { return nil }
    let requested = Int(payload.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
    let isCapped = Int32(flags) & Int32(NLM_F_CAPPED) != 0
    let skipped = 4 + (isCapped ? 16 : max(16, (requested + 3) & ~3))
    return NetlinkAttributes(payload.dropFirst(skipped))[Int(NLMSGERR_ATTR_MSG.rawValue)]?.text
  }

  /// Set for a message that ends a dump: 0, or the error that ended it.
  var endOfDump: Int32? {
    if type == NLMSG_DONE {
      return payload.count >= 4 ? max(0, 0 &- payload.loadUnaligned(as: Int32.self)) : 0
    }
    return acknowledgement?.errno
  }

  /// The messages of one datagram.
  struct Sequence: Swift.Sequence, IteratorProtocol {
    private var rest: UnsafeRawBufferPointer

    init(_ datagram: UnsafeRawBufferPointer) {
      rest = datagram
    }

    mutating func next() -> NetlinkReply? {
      guard rest.count >= 16 else { return nil }
      let length = Int(rest.loadUnaligned(as: UInt32.self))
      guard length >= 16, length <= rest.count else { return nil }
      let reply = NetlinkReply(
        type: Int(rest.loadUnaligned(fromByteOffset: 4, as: UInt16.self)),
        flags: rest.loadUnaligned(fromByteOffset: 6, as: UInt16.self),
        sequence: rest.loadUnaligned(fromByteOffset: 8, as: UInt32.self),
        payload: UnsafeRawBufferPointer(rebasing: rest[16..<length]))
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst((length + 3) & ~3))
      return reply
    }
  }
}

/// Netlink attributes in a received buffer (`struct nlattr`, `netlink(7)`).
struct NetlinkAttributes: Sequence {
  /// One attribute's payload.
  struct Value {
    let bytes: UnsafeRawBufferPointer

    /// A number in host byte order; nil where the payload has another size.
    func number<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type) -> Number? {
      bytes.count == MemoryLayout<Number>.size ? bytes.loadUnaligned(as: Number.self) : nil
    }

    /// The text up to the first zero byte.
    var text: String { String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) }

    /// The attributes inside.
    var nested: NetlinkAttributes { NetlinkAttributes(bytes[...]) }
  }

  private let bytes: Slice<UnsafeRawBufferPointer>

  init(_ bytes: Slice<UnsafeRawBufferPointer>) {
    self.bytes = bytes
  }

  /// The first attribute of a type.
  subscript(type: Int) -> Value? {
    first { $0.type == type }?.value
  }

  func makeIterator() -> AnyIterator<(type: Int, value: Value)> {
    var rest = UnsafeRawBufferPointer(rebasing: bytes)
    return AnyIterator {
      guard rest.count >= 4 else { return nil }
      let length = Int(rest.loadUnaligned(as: UInt16.self))
      guard length >= 4, length <= rest.count else { return nil }
      // The two highest bits are flags (NLA_F_NESTED, NLA_F_NET_BYTEORDER).
      let type = Int(rest.loadUnaligned(fromByteOffset: 2, as: UInt16.self) & 0x3fff)
      let value = Value(bytes: UnsafeRawBufferPointer(rebasing: rest[4..<length]))
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst((length + 3) & ~3))
      return (type, value)
    }
  }
}
