import CMicroHTTPD
import CWeb
import Glibc

extension Loop {
  /// A stream and the request it answers, as libmicrohttpd's reader keeps them.
  private final class StreamReader {
    let stream: EventStream
    let exchange: Exchange
    init(_ stream: EventStream, _ exchange: Exchange) { (self.stream, self.exchange) = (stream, exchange) }
  }

  /// Hands an answer to libmicrohttpd.
  func queue(_ response: Response, _ exchange: Exchange, _ handle: OpaquePointer) -> MHD_Result {
    var response = response
    if exchange.isHead, case .stream(let stream) = response.body {
      // libmicrohttpd would end a body that it never began.
      stream.close()
      response.body = .bytes([])
    }
    guard let made = make(response, exchange) ?? make(self.response(to: .badAnswer), exchange) else { return .NO }
    defer { MHD_destroy_response(made.response) }
    return MHD_queue_response(handle, UInt32(clamping: made.status), made.response)
  }

  /// The answer to what libmicrohttpd could not read.
  func makeRefusal(of status: Int) -> OpaquePointer? {
    let refusal =
      switch status {
      case 413: Refusal.bodyTooLarge(limits.bodyBytes)
      case 414, 431: Refusal.headersTooLarge(limits.headerBytes, status: status)
      case 505: Refusal.version
      default: Refusal.malformed("The request cannot be read.", status: status)
      }
    let response = response(to: refusal)
    guard case .bytes(let body) = response.body else { return nil }
    let made = body.withUnsafeBytes { web_server_response($0.baseAddress, $0.count) }
    for (name, value) in response.headers { MHD_add_response_header(made, name, value) }
    return made
  }

  private func make(_ response: Response, _ exchange: Exchange) -> (response: OpaquePointer, status: Int)? {
    guard let made = makeBody(response.body, exchange) else { return nil }
    let isGood =
      (200...999).contains(response.status)
      && response.headers.allSatisfy { name, value in
        MHD_add_response_header(made, name, value) == .YES || Self.isOwn(name)
      }
    guard isGood else {
      MHD_destroy_response(made)
      return nil
    }
    if drainsUntil != nil { MHD_add_response_header(made, "Connection", "close") }
    return (made, response.status)
  }

  /// Headers that libmicrohttpd sets from the body itself.
  private static func isOwn(_ name: String) -> Bool {
    ["content-length", "transfer-encoding"].contains(name.lowercased())
  }

  private func makeBody(_ body: Response.Body, _ exchange: Exchange) -> OpaquePointer? {
    switch body {
    case .bytes(let bytes):
      return bytes.withUnsafeBytes { web_server_response($0.baseAddress, $0.count) }
    case .stream(let stream):
      guard stream.attach(to: exchange, capacity: limits.streamBytes) else { return nil }
      exchange.stream = stream
      if drainsUntil != nil { stream.finish() }
      let reader = Unmanaged.passRetained(StreamReader(stream, exchange))
      let made = MHD_create_response_from_callback(
        UInt64.max, 16384, { Loop.read($0, $2, $3) }, reader.toOpaque(), { Loop.endReading($0) })
      if made == nil { reader.release() }
      return made
    }
  }

  /// `MHD_ContentReaderCallback`: gives what waits; where nothing does, the connection is suspended until it does.
  private static func read(
    _ context: UnsafeMutableRawPointer?, _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int
  ) -> Int {
    let (end, broken) = (-1, -2)  // MHD_CONTENT_READER_END_OF_STREAM, MHD_CONTENT_READER_END_WITH_ERROR
    guard let context else { return broken }
    let reader = Unmanaged<StreamReader>.fromOpaque(context).takeUnretainedValue()
    guard let connection = reader.exchange.connection, !connection.isDismissed else { return broken }
    switch reader.stream.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size)) {
    case .bytes(let count): return count
    case .end: return end
    case .broken: return broken
    case .nothing:
      reader.exchange.loop.suspend(connection)
      reader.exchange.loop.watch(connection, for: .hangUp)
      return 0
    }
  }

  private static func endReading(_ context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    let reader = Unmanaged<StreamReader>.fromOpaque(context).takeRetainedValue()
    reader.exchange.stream = nil
    reader.stream.close()
  }
}
