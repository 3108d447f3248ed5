import CNetlink
import Glibc
import Synchronization

/// A rtnetlink socket, bound for good to the network namespace that its thread was in (`rtnetlink(7)`).
///
/// Usable from any thread; requests of several threads are served one after the other.
public final class NetlinkSocket: Sendable {
  /// What one `sendmsg(2)` carries at most.
  private static let chunkBytes = 256 << 10
  /// Keeps all answers of a chunk within the receive buffer even if every request fails.
  private static let chunkRequests = 4096
  private static let bufferBytes: Int32 = 32 << 20

  struct State {
    var sequence: UInt32 = 0
    /// Grown on demand, never shrunk: a dump's piece may be 32 KiB and more.
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
  }

  let descriptor: Descriptor
  let state = Mutex(State())

  /// Opens a socket in the calling thread's network namespace; `NetworkNamespace.netlink()` chooses one.
  public init() throws(SystemError) {
    descriptor = Descriptor(
      owning: try check(
        socket(AF_NETLINK, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), NETLINK_ROUTE), "open", "netlink socket"))
    var address = sockaddr_nl()
    address.nl_family = sa_family_t(AF_NETLINK)
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor.rawValue, $0, socklen_t(MemoryLayout<sockaddr_nl>.size))
      }
    }
    try check(bound, "bind", "netlink socket")
    try set(SOL_NETLINK, NETLINK_EXT_ACK, 1)
    try set(SOL_NETLINK, NETLINK_CAP_ACK, 1)
    try set(SOL_NETLINK, NETLINK_GET_STRICT_CHK, 1)
    try growBuffers()
  }

  /// Carries out a batch in its order.
  ///
  /// Requests go to the kernel many at a time; only the last of each lot asks for an answer, as refusals
  /// come without being asked for. The kernel is done with all of them when this returns.
  ///
  /// - Throws: `NetlinkFailure` with every refusal that its request does not tolerate; `SystemError` where
  ///   the socket itself fails.
  public func commit(_ batch: NetlinkBatch) throws {
    let errors = try state.withLock { state in
      var errors: [SystemError] = []
      var start = 0
      while start < batch.entries.count {
        let end = Self.endOfChunk(batch.entries, from: start)
        errors += try exchange(batch, start..<end, &state)
        start = end
      }
      return errors
    }
    if !errors.isEmpty { throw NetlinkFailure(errors: errors) }
  }

  private static func endOfChunk(_ entries: [NetlinkBatch.Entry], from start: Int) -> Int {
    let limit = entries[start].offset + chunkBytes
    var end = start + 1
    while end < entries.count, end - start < chunkRequests, entries[end].offset + entries[end].length <= limit {
      end += 1
    }
    return end
  }

  /// Sends the requests of one chunk and collects the refusals.
  private func exchange(
    _ batch: NetlinkBatch, _ range: Range<Int>, _ state: inout State
  ) throws(SystemError) -> [SystemError] {
    let entries = batch.entries[range]
    guard let first = entries.first, let last = entries.last else { return [] }
    let base = state.sequence &+ 1
    state.sequence &+= UInt32(range.count)
    var bytes = Array(batch.bytes[first.offset..<min(last.offset + (last.length + 3) & ~3, batch.bytes.count)])
    bytes.withUnsafeMutableBytes { bytes in
      for (number, entry) in entries.enumerated() {
        let sequence = base &+ UInt32(number)
        bytes.storeBytes(of: sequence, toByteOffset: entry.offset - first.offset + 8, as: UInt32.self)
      }
      let flags = last.offset - first.offset + 6
      let value = bytes.load(fromByteOffset: flags, as: UInt16.self) | UInt16(NLM_F_ACK)
      bytes.storeBytes(of: value, toByteOffset: flags, as: UInt16.self)
    }
    try send(bytes, about: first.object)
    return try collect(entries, base, &state)
  }

  /// Reads answers until the last request's; the kernel queued all of them before `send` returned.
  private func collect(
    _ entries: ArraySlice<NetlinkBatch.Entry>, _ base: UInt32, _ state: inout State
  ) throws(SystemError) -> [SystemError] {
    var errors: [SystemError] = []
    var isDone = false
    while !isDone {
      let count = try receive(into: &state.buffer, flags: Int32(MSG_DONTWAIT))
      state.buffer.withUnsafeBytes { buffer in
        for message in NetlinkReply.Sequence(UnsafeRawBufferPointer(rebasing: buffer.prefix(count))) {
          let number = Int(message.sequence &- base)
          guard number < entries.count, let answer = message.acknowledgement else { continue }
          let entry = entries[entries.startIndex + number]
          if number == entries.count - 1 { isDone = true }
          if let error = entry.error(answer) { errors.append(error) }
        }
      }
    }
    return errors
  }

  private func set(_ level: Int32, _ option: Int32, _ value: Int32) throws(SystemError) {
    var value = value
    try check(
      setsockopt(descriptor.rawValue, level, option, &value, socklen_t(MemoryLayout<Int32>.size)),
      "set option \(option) of", "netlink socket")
  }

  /// Beyond the system's limits where that is permitted (`CAP_NET_ADMIN`), else up to them.
  private func growBuffers() throws(SystemError) {
    do {
      try set(SOL_SOCKET, SO_RCVBUFFORCE, Self.bufferBytes)
      try set(SOL_SOCKET, SO_SNDBUFFORCE, 1 << 20)
    } catch  where error.isNotPermitted {
      try set(SOL_SOCKET, SO_RCVBUF, Self.bufferBytes)
      try set(SOL_SOCKET, SO_SNDBUF, 1 << 20)
    }
  }
}

extension NetlinkBatch.Entry {
  /// The answer as an error with this request's words; nil where it succeeded or the refusal is tolerated.
  func error(_ answer: NetlinkReply.Acknowledgement) -> SystemError? {
    guard answer.errno != 0 else { return nil }
    let error = SystemError(
      operation: operation, object: object, errno: answer.errno == absence ? ENOENT : answer.errno,
      kernelMessage: answer.message)
    if error.isExists, tolerating.contains(.exists) { return nil }
    if error.isNotFound, tolerating.contains(.notFound) { return nil }
    return error
  }
}
