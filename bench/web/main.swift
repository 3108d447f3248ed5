// A tiny handler behind WebServer, for wrk and curl: `web-bench DIRECTORY` listens on a Unix socket in DIRECTORY, on
// a plain port, and on one with TLS where DIRECTORY has chain.pem and key.pem; prints the ports, and stops at the
// end of its input.
import Glibc
import Linux
import Quantities
import WebServer

func text(of path: String) -> String? {
  guard let file = try? Descriptor(opening: path, O_RDONLY) else { return nil }
  var bytes = [UInt8](repeating: 0, count: 1 << 16)
  let count = read(file.rawValue, &bytes, bytes.count)
  return count > 0 ? String(decoding: bytes.prefix(count), as: UTF8.self) : nil
}

/// Answers from a thread of its own, as a service does that asks its engine.
let later = Later()
let page = Array(#"{"name":"lyon","hosts":12,"links":["lyon-paris","lyon-nice"]}"#.utf8)

@Sendable func handle(_ request: Request, _ reply: Reply) {
  switch request.path.first {
  case "later":
    later.add { reply.send(Response(status: 200, headers: [("Content-Type", "application/json")], body: page)) }
  case "stream":
    let stream = EventStream()
    stream.write(Array("data: first\n\n".utf8))
    reply.send(Response(status: 200, headers: [("Content-Type", "text/event-stream")], body: stream))
    later.keep(stream)
  case "echo": reply.send(Response(status: 200, body: request.body))
  case "who": reply.send(Response(status: 200, body: Array("\(request.peer)\n".utf8)))
  default: reply.send(Response(status: 200, headers: [("Content-Type", "application/json")], body: page))
  }
}

let directory = CommandLine.arguments.dropFirst().first ?? "."
var listeners: [Listener] = [
  .unix(path: directory + "/web-bench.socket", mode: 0o600), .tcp(address: "127.0.0.1", port: 0, tls: nil),
]
if let chain = text(of: directory + "/chain.pem"), let key = text(of: directory + "/key.pem") {
  listeners.append(.tcp(address: "127.0.0.1", port: 0, tls: TLSIdentity(certificateChain: chain, key: key)))
}
do {
  var limits = Limits()
  limits.connectionsOfOnePeer = limits.connections
  limits.allowDescriptors()
  let server = try WebServer(listeners: listeners, limits: limits, handler: handle)
  print("ports:", server.ports.dropFirst().map(String.init).joined(separator: " "))
  fflush(nil)
  while readLine() != nil {}
  server.stop()
} catch {
  print("web-bench: \(error.message) \(error.remedy)")
  exit(1)
}
