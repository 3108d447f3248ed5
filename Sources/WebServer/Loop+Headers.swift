import CWeb
import Glibc
import Quantities

extension Loop {
  /// Reads target and headers once they are whole, and judges what framing they promise (RFC 9112, section 6.3).
  ///
  /// - Returns: why the request is refused, before its body comes; nil where it is welcome.
  func readHeaders(of exchange: Exchange, _ handle: OpaquePointer, _ line: RequestLine) -> Refusal? {
    var headers = web_server_headers()
    exchange.isHead = line.methodText == "HEAD"
    web_server_read_headers(handle, scratch.baseAddress, scratch.count, &headers)
    if headers.bytes + UInt32(exchange.target.count) > limits.headerBytes {
      return .headersTooLarge(limits.headerBytes)
    }
    exchange.headerBytes = Array(UnsafeRawBufferPointer(start: scratch.baseAddress, count: Int(headers.bytes)))
    if let refusal = judge(headers, line, exchange.target.count) { return refusal }
    do {
      exchange.readTarget = try exchange.target.withUnsafeBufferPointer { bytes throws(Problem) in
        try RequestTarget(bytes: bytes[...])
      }
      guard exchange.readTarget?.rawPath != "*" || line.methodText == "OPTIONS" else {
        return .malformed("The target '*' is for OPTIONS only.")
      }
      return nil
    } catch {
      return Refusal(400, error)
    }
  }

  /// Answers the request whose length libmicrohttpd has just found to be no number; it does not say which that is,
  /// mostly the one that began last.
  func refuseLength(_ status: Int) -> Bool {
    let connection = latest.flatMap { hasBadLength($0) ? $0 : nil } ?? connections.values.first(where: hasBadLength)
    guard let connection else { return false }
    refuseRaw(
      connection,
      status == 413
        ? .bodyTooLarge(limits.bodyBytes) : .malformed("The header 'Content-Length' is no number."))
    return true
  }

  private func hasBadLength(_ connection: Connection) -> Bool {
    guard connection.exchange?.step == .headers, !connection.isDismissed, let handle = connection.handle
    else { return false }
    var headers = web_server_headers()
    web_server_read_headers(handle, scratch.baseAddress, scratch.count, &headers)
    return headers.lengths > 0 && headers.length == .max
  }

  private func judge(_ headers: web_server_headers, _ line: RequestLine, _ targetBytes: Int) -> Refusal? {
    if headers.malformed { return .malformed("A header's name or value holds what it must not.") }
    if !isWhole(line, targetBytes) { return .malformed("The request's first line is malformed.") }
    if headers.hosts > 1 || (headers.hosts == 0 && !line.isFirstVersion) {
      return .malformed("The request must have one header 'Host'.")
    }
    if headers.lengths > 1 { return .malformed("The request has several headers 'Content-Length'.") }
    if headers.encodings > 0 {
      if headers.lengths > 0 || headers.encodings > 1 || line.isFirstVersion {
        return .malformed("The request says in two ways how long its body is.")
      }
      if !headers.chunked { return .encoding }
    } else if headers.lengths > 0, headers.length > limits.bodyBytes {
      return headers.length == .max
        ? .malformed("The header 'Content-Length' is no number.") : .bodyTooLarge(limits.bodyBytes)
    }
    return headers.expects ? .expectation : nil
  }

  /// The method is a token, and no NUL cut the target short: the version stands right behind it in the same buffer.
  private func isWhole(_ line: RequestLine, _ targetBytes: Int) -> Bool {
    guard let target = line.target, let version = line.version, let method = line.method, version.pointee != 0
    else { return false }
    guard UnsafeRawPointer(version) - UnsafeRawPointer(target) == targetBytes + 1 else { return false }
    // Nor did one the method, and one blank stands between the two.
    guard UnsafeRawPointer(target) - UnsafeRawPointer(method) == strlen(method) + 1 else { return false }
    var index = 0
    while method[index] != 0 {
      let byte = UInt8(bitPattern: method[index])
      let isTokenByte =
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
      guard isTokenByte else { return false }
      index += 1
    }
    return index > 0
  }
}
