import CMicroHTTPD
import CWeb
import Glibc
import Quantities

/// What libmicrohttpd calls while a request comes and its answer goes.
extension Loop {
  /// The first line is there.
  func begin(_ target: UnsafePointer<CChar>?, _ handle: OpaquePointer?) -> Exchange? {
    guard let handle, let connection = Self.connection(of: handle) else { return nil }
    let bytes = target.map { Array(UnsafeRawBufferPointer(start: $0, count: strlen($0))) } ?? []
    if let target { web_server_hide_query(target) }
    let exchange = Exchange(loop: self, connection: connection, target: bytes)
    if !connection.hasAsked {
      connection.hasAsked = true
      unaskedCount -= 1
    }
    if connection.phase != .receiving { (connection.phase, connection.since) = (.receiving, now) }
    connection.exchange = exchange
    latest = connection
    return exchange
  }

  /// The headers are there, or some of the body, or all of it, or an answer.
  func advance(
    _ exchange: Exchange, _ handle: OpaquePointer, line: RequestLine, upload: UnsafeRawBufferPointer
  ) -> MHD_Result {
    guard let connection = exchange.connection, !connection.isDismissed else { return .NO }
    switch exchange.step {
    case .headers:
      exchange.step = .body
      guard let refusal = readHeaders(of: exchange, handle, line) else { return .YES }
      exchange.step = .asked
      connection.phase = .answering
      connection.lingers = true
      exchange.answer(response(to: refusal))
      return deliver(exchange, connection, handle)
    case .body where !upload.isEmpty:
      guard exchange.body.count + upload.count <= limits.bodyBytes else {
        // Returning NO ends the connection, and leaves the client time to read why.
        connection.lingers = true
        connection.isDismissed = true
        connection.writeRaw(rawAnswer(to: .bodyTooLarge(limits.bodyBytes)))
        return .NO
      }
      exchange.body.append(contentsOf: upload)
      return .YES
    case .body:
      exchange.step = .asked
      connection.phase = .answering
      ask(exchange, connection, line)
      return deliver(exchange, connection, handle)
    case .asked:
      return deliver(exchange, connection, handle)
    }
  }

  /// The answer is out, or will never be.
  func completed(_ exchange: Exchange, isWhole: Bool) {
    let connection = exchange.connection
    exchange.end(isGone: !isWhole)
    exchange.connection = nil
    guard let connection, connection.exchange === exchange else { return }
    connection.exchange = nil
    (connection.phase, connection.since) = (.idle, now)
  }

  private func ask(_ exchange: Exchange, _ connection: Connection, _ line: RequestLine) {
    guard let target = exchange.readTarget else { return exchange.answer(response(to: .noAnswer)) }
    let request = Request(
      method: line.methodText, target: target, body: exchange.body, peer: connection.identifiedPeer(),
      connection: connection.number, headerBytes: exchange.headerBytes)
    exchange.body = []
    handler(request, Reply(exchange))
  }

  /// Sends the answer where there is one, else waits for it.
  private func deliver(_ exchange: Exchange, _ connection: Connection, _ handle: OpaquePointer) -> MHD_Result {
    guard let response = exchange.takeAnswer() else {
      suspend(connection)
      return .YES
    }
    return queue(response, exchange, handle)
  }

  /// Answers past libmicrohttpd, which cannot in the midst of a request, and ends the connection.
  func refuseRaw(_ connection: Connection, _ refusal: Refusal) {
    connection.writeRaw(rawAnswer(to: refusal))
    connection.dismiss()
  }

  func rawAnswer(to refusal: Refusal) -> [UInt8] {
    let response = response(to: refusal)
    var text = "HTTP/1.1 \(response.status) \(StatusText.of(response.status))\r\nConnection: close\r\n"
    for (name, value) in response.headers { text += "\(name): \(value)\r\n" }
    guard case .bytes(let body) = response.body else { return Array((text + "\r\n").utf8) }
    return Array((text + "Content-Length: \(body.count)\r\n\r\n").utf8) + body
  }

  static func connection(of handle: OpaquePointer) -> Connection? {
    web_server_context(handle).map { Unmanaged<Connection>.fromOpaque($0).takeUnretainedValue() }
  }
}

/// The first line as libmicrohttpd took it apart.
struct RequestLine {
  var target: UnsafePointer<CChar>?
  var method: UnsafePointer<CChar>?
  var version: UnsafePointer<CChar>?

  var methodText: String { method.map { String(cString: $0) } ?? "" }
  /// HTTP/1.0 knows no `Host` and no transfer encoding.
  var isFirstVersion: Bool { version.map { strcmp($0, "HTTP/1.0") == 0 } ?? true }
}
