import Foundation
import Glibc
import Linux

/// A launcher under way and the socket to it: one packet a record, its fields ended by NUL.
struct LauncherChannel: ~Copyable {
  private let socket: Descriptor

  /// Starts the launcher, with room for the machines' titles.
  static func open() throws -> LauncherChannel {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_SEQPACKET.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    try check(socketpair(AF_UNIX, kind, 0, &ends), "create socket", "for the launcher")
    let channel = LauncherChannel(socket: Descriptor(owning: ends[0]))
    let other = Descriptor(owning: ends[1])
    guard let program = Bundle.module.path(forResource: "virtcloud-init", ofType: nil) else {
      throw SystemError(operation: "find", object: "virtcloud-init in the resource bundle", errno: ENOENT)
    }
    let room = String(repeating: " ", count: 160)
    try ProcessRun.spawn(program, ["virtcloud-init", room], descriptors: [3: other.rawValue])
    let flags = fcntl(ends[0], F_GETFL)
    try check(fcntl(ends[0], F_SETFL, flags | O_NONBLOCK), "fcntl", "launcher's socket")
    return channel
  }

  /// Sends the records and hands out answers as they come, until the launcher and all machines have answered or died.
  func converse(_ records: [[String]], _ answer: ([String]) throws -> Void) throws {
    var waiting = records[...]
    while true {
      var request = pollfd(
        fd: socket.rawValue, events: Int16(waiting.isEmpty ? POLLIN : POLLIN | POLLOUT), revents: 0)
      let count = poll(&request, 1, 60000)
      if count < 0 && errno == EINTR { continue }
      try check(count, "poll", "launcher's socket")
      if count == 0 { throw SystemError(operation: "wait for", object: "the launcher", errno: ETIMEDOUT) }
      if Int32(request.revents) & POLLOUT != 0, let record = waiting.first, try send(record) { waiting.removeFirst() }
      if Int32(request.revents) & (POLLIN | POLLHUP) != 0 {
        guard let fields = try receive() else { return }
        if !fields.isEmpty { try answer(fields) }
      }
    }
  }

  private func send(_ record: [String]) throws -> Bool {
    let bytes: [UInt8] = record.reduce(into: []) { $0 += Array($1.utf8) + [0] }
    let count = Glibc.send(socket.rawValue, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    if count < 0 && (errno == EAGAIN || errno == EINTR) { return false }
    // The launcher has given up: its last answer says why.
    if count < 0 && (errno == EPIPE || errno == ECONNRESET) { return true }
    try check(count, "send to", "the launcher")
    return true
  }

  /// Nil at the end, empty where nothing is there after all.
  private func receive() throws -> [String]? {
    var buffer = [UInt8](repeating: 0, count: 1024)
    let count = recv(socket.rawValue, &buffer, buffer.count, 0)
    if count < 0 && (errno == EAGAIN || errno == EINTR) { return [] }
    if count < 0 && errno == ECONNRESET { return nil }
    try check(count, "receive from", "the launcher")
    if count == 0 { return nil }
    return buffer[..<count].split(separator: 0, omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
  }
}
