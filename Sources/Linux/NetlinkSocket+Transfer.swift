import CNetlink
import Glibc

extension NetlinkSocket {
  /// Sends bytes to the kernel as one datagram.
  func send(_ bytes: [UInt8], about object: String) throws(SystemError) {
    while true {
      let count = Glibc.send(descriptor.rawValue, bytes, bytes.count, 0)
      if count < 0, errno == EINTR { continue }
      try check(count, "send netlink requests from", object)
      return
    }
  }

  /// Receives one datagram whole, growing the buffer where it must; returns its length.
  func receive(into buffer: inout [UInt8], flags: Int32 = 0) throws(SystemError) -> Int {
    while true {
      let peek = Int32(MSG_PEEK | MSG_TRUNC)
      let needed = recv(descriptor.rawValue, nil, 0, flags | peek)
      if needed < 0, errno == EINTR { continue }
      try check(needed, "receive", "netlink answers")
      if needed > buffer.count { buffer = [UInt8](repeating: 0, count: needed) }
      let count = recv(descriptor.rawValue, &buffer, buffer.count, flags)
      if count < 0, errno == EINTR { continue }
      return try check(count, "receive", "netlink answers")
    }
  }

  /// Asks for a table and hands over each of its entries; starts anew where the kernel says that the
  /// table changed meanwhile (`NLM_F_DUMP_INTR`).
  func dump<Entry: Sendable>(
    _ operation: String, type: Int, header: some BitwiseCopyable, read: (NetlinkReply) -> Entry?
  ) throws -> [Entry] {
    var message = try NetlinkMessage(type: type, flags: Int32(NLM_F_DUMP))
    message.append(header)
    var request: [UInt8] = []
    message.withBytes { request = Array($0) }
    for _ in 0..<50 {
      if let entries = try dumpOnce(operation, request, read) { return entries }
    }
    throw SystemError(operation: operation, object: "netlink table", errno: EAGAIN)
  }

  private func dumpOnce<Entry: Sendable>(
    _ operation: String, _ request: [UInt8], _ read: (NetlinkReply) -> Entry?
  ) throws -> [Entry]? {
    try state.withLock { state in
      state.sequence &+= 1
      let sequence = state.sequence
      var request = request
      request.withUnsafeMutableBytes { $0.storeBytes(of: sequence, toByteOffset: 8, as: UInt32.self) }
      try send(request, about: operation)
      var entries: [Entry] = []
      var isWhole = true
      var end: Int32?
      while end == nil {
        let count = try receive(into: &state.buffer)
        state.buffer.withUnsafeBytes { buffer in
          for message in NetlinkReply.Sequence(UnsafeRawBufferPointer(rebasing: buffer.prefix(count)))
          where message.sequence == sequence {
            if message.flags & UInt16(NLM_F_DUMP_INTR) != 0 { isWhole = false }
            if let code = message.endOfDump {
              end = code
              continue
            }
            if let entry = read(message) { entries.append(entry) }
          }
        }
      }
      if let end, end != 0 { throw SystemError(operation: operation, object: "netlink table", errno: end) }
      return isWhole ? entries : nil
    }
  }
}
