import Glibc
import Linux
import Synchronization
import Testing
import WebClient

/// Passes requests on to a server of this machine, and sometimes loses the answer.
final class LossyProxy: Sendable {
  let url: String
  private let listener: Int32
  private let state = Mutex((toLose: 0, lost: 0))
  private let target: Int

  init(to port: Int) throws {
    target = port
    listener = try check(socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0), "socket", "proxy")
    var address = Self.loopback(0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let listener = listener
    try withUnsafeMutablePointer(to: &address) {
      try $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        _ = try check(bind(listener, $0, size), "bind", "proxy")
        _ = try check(getsockname(listener, $0, &size), "name", "proxy")
      }
    }
    try check(listen(listener, 64), "listen", "proxy")
    url = "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))"
    try ServiceThread.start("proxy") { [self] in
      while true {
        let client = accept(listener, nil, nil)
        if client < 0 { return }
        do {
          try ServiceThread.start("proxy-one") { [self] in serve(client) }
        } catch {
          close(client)
        }
      }
    }
  }

  /// The next answers to commits are lost.
  func loseAnswers(_ count: Int) { state.withLock { $0.toLose = count } }

  var lost: Int { state.withLock { $0.lost } }

  func stop() {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  private func serve(_ client: Int32) {
    defer { close(client) }
    let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    defer { close(server) }
    var address = Self.loopback(target)
    let isConnected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
    guard isConnected else { return }
    var isCommit = false
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    var watched = [client, server].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    while poll(&watched, 2, 30_000) > 0 {
      for index in 0..<2 where watched[index].revents != 0 {
        let count = recv(watched[index].fd, &chunk, chunk.count, 0)
        if count <= 0 { return }
        let text = String(decoding: chunk.prefix(min(count, 200)), as: UTF8.self)
        if index == 0, text.hasPrefix("POST ") { isCommit = text.hasPrefix("POST /v3/kv/txn") }
        if index == 1, isCommit, shouldLose() { return }
        if send(watched[1 - index].fd, chunk, count, Int32(MSG_NOSIGNAL)) != count { return }
      }
    }
  }

  private func shouldLose() -> Bool {
    state.withLock { state in
      guard state.toLose > 0 else { return false }
      state.toLose -= 1
      state.lost += 1
      return true
    }
  }

  private static func loopback(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
    address.sin_port = UInt16(port).bigEndian
    return address
  }
}
