import Glibc
import Linux
import Synchronization
import WebServer

/// A handler that shows what it got, and keeps replies and streams for the test.
final class TestHandler: Sendable {
  private struct Kept {
    var replies: [Reply] = []
    var streams: [EventStream] = []
  }
  private let kept = Mutex(Kept())

  @Sendable func handle(_ request: Request, _ reply: Reply) {
    switch request.path.first {
    case "keep": kept.withLock { $0.replies.append(reply) }
    case "drop": break
    case "stream":
      let stream = EventStream()
      kept.withLock { $0.streams.append(stream) }
      reply.send(Response(status: 200, headers: [("Content-Type", "text/event-stream")], body: stream))
    case "big": reply.send(Response(status: 200, body: [UInt8](repeating: 0x61, count: 8 << 20)))
    case "echo": reply.send(Response(status: 200, body: request.body))
    case "split": reply.send(Response(status: 200, headers: [("X", "a\r\nb: c")]))
    case "peer": reply.send(Response(status: 200, body: Array(Self.text(of: request.peer).utf8)))
    case "connection": reply.send(Response(status: 200, body: Array("\(request.connection)".utf8)))
    default:
      let query = request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
      let text = "\(request.method) \(request.path) [\(query)] \(request.body.count) \(request.header("x-TEST") ?? "-")"
      reply.send(Response(status: 200, headers: [("X-Answer", "yes")], body: Array(text.utf8)))
    }
  }

  private static func text(of peer: Peer) -> String {
    switch peer {
    case .local(let user, let group, let process): "local \(user) \(group) \(process)"
    case .remote(let address, let certificates):
      (["remote", address] + certificates.map { $0.map { String($0, radix: 16) }.joined(separator: ".") })
        .joined(separator: " ")
    }
  }

  /// The next request to `/keep`; nil where none comes within 10 seconds.
  func keptReply() -> Reply? {
    _ = eventually { kept.withLock { !$0.replies.isEmpty } }
    return kept.withLock { $0.replies.isEmpty ? nil : $0.replies.removeFirst() }
  }

  /// The next request to `/stream`.
  func keptStream() -> EventStream? {
    _ = eventually { kept.withLock { !$0.streams.isEmpty } }
    return kept.withLock { $0.streams.isEmpty ? nil : $0.streams.removeFirst() }
  }
}

/// A server on a free port, stopped at the end of its scope.
final class TestServer: Sendable {
  let handler = TestHandler()
  let server: WebServer

  var port: UInt16 { server.ports[0] }

  init(_ limits: Limits = Limits(), tls: TLSIdentity? = nil) throws {
    server = try WebServer(
      listeners: [.tcp(address: "127.0.0.1", port: 0, tls: tls)], limits: limits, handler: handler.handle)
  }

  deinit { server.stop() }
}

/// Waits for a condition, 10 seconds at most.
func eventually(_ condition: () throws -> Bool) rethrows -> Bool {
  for _ in 0..<1000 {
    if try condition() { return true }
    usleep(10_000)
  }
  return false
}
