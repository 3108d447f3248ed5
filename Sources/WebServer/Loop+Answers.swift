import CMicroHTTPD
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
    guard let made = make(response, exchange) ?? make(self.response(to: .badAnswer), exchange) else { return .NO }
    defer { MHD_destroy_response(made.response) }
    return MHD_queue_response(handle, UInt32(clamping: made.status), made.response)
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
      return bytes.withUnsafeBytes { bytes in
        // Copied: the memory may only be read, though the parameter says otherwise.
        MHD_create_response_from_buffer(
          bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
      }
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
