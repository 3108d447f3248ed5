import CCurl
import CWeb
import Linux
import Quantities

extension Transfer {
  /// The transfer whose handle this is, which whoever runs the handle keeps alive.
  static func from(_ pointer: UnsafeMutableRawPointer?) -> Transfer {
    guard let pointer else { preconditionFailure("an easy handle without its transfer") }
    return Unmanaged<Transfer>.fromOpaque(pointer).takeUnretainedValue()
  }

  /// What came of the request, once curl has said `code`. Throws `Problem`.
  func finish(_ code: CURLcode) throws -> WebResponse {
    receiver = nil
    onHead = nil
    switch ownEnd {
    case .receiverStopped?: return response
    case .bodyTooLarge?: throw WebProblem.tooLarge(url, "body", limits.responseBytes)
    case .headTooLarge?: throw WebProblem.tooLarge(url, "head", limits.headBytes)
    case .silence?: throw WebProblem.silent(url)
    case nil: break
    }
    guard code == CURLE_OK else { throw failure(code) }
    return response
  }

  private func failure(_ code: CURLcode) -> Problem {
    let text = String(cString: errorText)
    return WebProblem.from(
      code, url: url, text: text.isEmpty ? String(cString: curl_easy_strerror(code)) : text,
      verification: number(CURLINFO_SSL_VERIFYRESULT), errno: Int32(truncatingIfNeeded: number(CURLINFO_OS_ERRNO)),
      isConnected: number(CURLINFO_REQUEST_SIZE) > 0)
  }

  private func number(_ information: CURLINFO) -> Int {
    var value = 0
    return cweb_get_number(easy, Int32(bitPattern: information.rawValue), &value) == 0 ? value : 0
  }

  func forgetResponse() {
    response = WebResponse(status: 0)
    headBytes = 0
    hasAnnouncedHead = false
  }

  /// One line of a head; a redirect's or a 1xx's head is followed by another one.
  func takeHead(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    let line = UnsafeRawBufferPointer(start: bytes, count: count)
    lastByte = Clock.monotonic
    headBytes += count
    if headBytes > limits.headBytes {
      ownEnd = .headTooLarge
      return 0
    }
    if line.starts(with: "HTTP/".utf8) {
      let total = headBytes
      forgetResponse()
      headBytes = total
      let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
      if words.count > 1 { response.status = Int(Self.text(words[1])) ?? 0 }
    } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
      response.headers.append(WebHeader(Self.text(line[..<colon]).lowercased(), Self.text(line[(colon + 1)...])))
    } else if line.allSatisfy({ $0 == 13 || $0 == 10 }), response.status >= 200, !hasAnnouncedHead {
      hasAnnouncedHead = true
      onHead?(response)
    }
    return count
  }

  /// The text without white space around it.
  private static func text(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
    let isSpace = { (byte: UInt8) in byte == 32 || byte == 9 || byte == 13 || byte == 10 }
    var rest = bytes[...]
    while let first = rest.first, isSpace(first) { rest.removeFirst() }
    while let last = rest.last, isSpace(last) { rest.removeLast() }
    return String(decoding: rest, as: UTF8.self)
  }

  func takeBody(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> Int {
    let piece = UnsafeRawBufferPointer(start: bytes, count: count)
    lastByte = Clock.monotonic
    if let receiver, (200..<300).contains(response.status) {
      if receiver(Array(piece)) { return count }
      ownEnd = .receiverStopped
      return 0
    }
    if response.body.count + count > limits.responseBytes {
      ownEnd = .bodyTooLarge
      return 0
    }
    response.body.append(contentsOf: piece)
    return count
  }
}
