import Glibc
import Linux

/// A raw socket on one interface, as `packet(7)` has it: sends frames as they are, sees what passes.
final class PacketSocket {
  private let descriptor: Descriptor

  /// Opens a socket on an interface of a namespace; from now on it keeps what it sees.
  init(in namespace: NetworkNamespace, on index: UInt32) throws {
    let number = try namespace.perform {
      let everything = Int32(UInt16(3).bigEndian)
      let socket = try check(
        socket(AF_PACKET, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), everything), "open", "packet socket")
      return socket
    }
    descriptor = Descriptor(owning: number)
    var one: Int32 = 1
    // SOL_PACKET, PACKET_AUXDATA: the kernel takes tags out of frames and tells them beside.
    try check(setsockopt(number, 263, 8, &one, 4), "set option of", "packet socket")
    // Room for whole tests: what comes while nobody reads is not lost.
    var room: Int32 = 32 << 20
    try check(setsockopt(number, SOL_SOCKET, SO_RCVBUFFORCE, &room, 4), "set option of", "packet socket")
    // struct sockaddr_ll: family, protocol, interface, then what is unused here.
    var address = [UInt8](repeating: 0, count: 20)
    address.withUnsafeMutableBytes { bytes in
      bytes.storeBytes(of: UInt16(AF_PACKET), as: UInt16.self)
      bytes.storeBytes(of: UInt16(3).bigEndian, toByteOffset: 2, as: UInt16.self)
      bytes.storeBytes(of: Int32(bitPattern: index), toByteOffset: 4, as: Int32.self)
    }
    let bound = address.withUnsafeBytes { bytes in
      bind(number, bytes.assumingMemoryBound(to: sockaddr.self).baseAddress, 20)
    }
    try check(bound, "bind", "packet socket")
  }

  func send(_ frame: Frame) throws { try send(bytes: frame.bytes) }

  func send(bytes: [UInt8]) throws {
    try check(Glibc.send(descriptor.rawValue, bytes, bytes.count, 0), "send", "frame")
  }

  /// The next frame that came in; nil where none does within `milliseconds`.
  func receive(within milliseconds: Int32 = 2000, outgoingToo: Bool = false) throws -> Frame? {
    while true {
      var wait = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
      if try check(poll(&wait, 1, milliseconds), "wait for", "frame") == 0 { return nil }
      let (bytes, tci, isOutgoing) = try receiveMessage()
      if isOutgoing, !outgoingToo { continue }
      if let frame = Frame(received: bytes, tci: tci) { return frame }
    }
  }

  /// Numbers of the marked frames that came in until the one of number `last`, it included.
  func numbers(until last: UInt8) throws -> [UInt8] {
    var numbers: [UInt8] = []
    while let frame = try receive() {
      guard let number = frame.number else { continue }
      numbers.append(number)
      if number == last { return numbers }
    }
    throw SystemError(operation: "wait for", object: "frame \(last) after \(numbers)", errno: ETIMEDOUT)
  }

  /// Marked frames that come in before it is quiet for a while.
  func drain(quiet milliseconds: Int32 = 100) throws -> [Frame] {
    var frames: [Frame] = []
    while let frame = try receive(within: milliseconds) { if frame.number != nil { frames.append(frame) } }
    return frames
  }

  private func receiveMessage() throws -> ([UInt8], tci: UInt16?, isOutgoing: Bool) {
    var buffer = [UInt8](repeating: 0, count: 128 << 10)
    var control = [UInt8](repeating: 0, count: 128)
    var address = [UInt8](repeating: 0, count: 20)
    var length = 0
    let count = try buffer.withUnsafeMutableBytes { buffer in
      try control.withUnsafeMutableBytes { control in
        try address.withUnsafeMutableBytes { address in
          var piece = iovec(iov_base: buffer.baseAddress, iov_len: buffer.count)
          return try withUnsafeMutablePointer(to: &piece) { piece in
            var message = msghdr()
            (message.msg_iov, message.msg_iovlen) = (piece, 1)
            (message.msg_control, message.msg_controllen) = (control.baseAddress, control.count)
            (message.msg_name, message.msg_namelen) = (address.baseAddress, 20)
            let count = try check(recvmsg(descriptor.rawValue, &message, 0), "receive", "frame")
            length = message.msg_controllen
            return count
          }
        }
      }
    }
    // PACKET_OUTGOING (`linux/if_packet.h`).
    return (Array(buffer.prefix(count)), Self.tci(control.prefix(length)), address[10] == 4)
  }

  /// From `struct cmsghdr` (16 bytes), then `struct tpacket_auxdata`: status, …, TCI at 16.
  private static func tci(_ control: ArraySlice<UInt8>) -> UInt16? {
    control.withUnsafeBytes { bytes in
      guard bytes.count >= 36 else { return nil }
      let isTagged = bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self) & 0x10 != 0
      return isTagged ? bytes.loadUnaligned(fromByteOffset: 32, as: UInt16.self) : nil
    }
  }
}
