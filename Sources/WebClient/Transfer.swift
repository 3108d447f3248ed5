import CCurl
import CWeb
import Linux
import Quantities

/// One easy handle of libcurl, reused for request after request, and what the present request brings back.
///
/// Used by one thread at a time.
final class Transfer {
  /// Takes the pieces of a body that should not be collected; false ends the request.
  typealias Receiver = ([UInt8]) -> Bool

  /// The handle of curl_easy_init(3).
  let easy: UnsafeMutableRawPointer
  private(set) var url = ""
  var response = WebResponse(status: 0)
  private var headers: UnsafeMutablePointer<curl_slist>?
  let errorText: UnsafeMutablePointer<CChar>
  var limits = WebLimits()
  var headBytes = 0
  /// When the last byte came, or the request began: nanoseconds of the monotonic clock.
  var lastByte: UInt64 = 0
  var receiver: Receiver?
  var onHead: ((WebResponse) -> Void)?
  var hasAnnouncedHead = false
  /// Why a callback ended the transfer, which curl itself can only call a write error.
  var ownEnd: OwnEnd?

  /// Reasons of ours to end a transfer.
  enum OwnEnd { case bodyTooLarge, headTooLarge, receiverStopped, silence }

  init() throws {
    try CurlLibrary.prepare()
    guard let easy = curl_easy_init() else { throw WebProblem.library("curl_easy_init", "out of memory") }
    self.easy = easy
    errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    curl_easy_cleanup(easy)
    curl_slist_free_all(headers)
    errorText.deallocate()
  }

  /// Sets the handle up for a request; connections of earlier ones stay open.
  ///
  /// A body of a response of 200 to 299 goes to `receiver` where that is given; every other is collected.
  func prepare(
    _ request: WebRequest, url: String, server: Server,
    onHead: ((WebResponse) -> Void)? = nil, receiver: Receiver? = nil
  ) throws {
    curl_easy_reset(easy)
    curl_slist_free_all(headers)
    headers = nil
    self.url = url
    limits = server.limits
    self.receiver = receiver
    self.onHead = onHead
    forgetResponse()
    ownEnd = nil
    lastByte = Clock.monotonic
    errorText[0] = 0
    try setBasics(request, server)
    try setMethod(request)
    try setHeaders(request)
    if url.hasPrefix("https:") { try setTLS(server.tls) }
  }

  private func setBasics(_ request: WebRequest, _ server: Server) throws {
    try check(cweb_set_error_text(easy, errorText))
    try check(
      cweb_set_receivers(
        easy, { Transfer.from($3).takeHead($0, $1 * $2) }, { Transfer.from($3).takeBody($0, $1 * $2) },
        Unmanaged.passUnretained(self).toOpaque()))
    try check(cweb_set_close_on_exec(easy))
    try set(CURLOPT_URL, url)
    if case .unix(let path) = server.endpoint { try set(CURLOPT_UNIX_SOCKET_PATH, path) }
    try set(CURLOPT_PROTOCOLS_STR, "http,https")
    // A controller is reached directly, whatever http_proxy says.
    try set(CURLOPT_PROXY, "")
    try set(CURLOPT_NOSIGNAL, 1)
    try set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    try set(CURLOPT_PATH_AS_IS, 1)
    try set(CURLOPT_CONNECTTIMEOUT_MS, limits.connect.curlMilliseconds)
    if let timeout = request.timeout { try set(CURLOPT_TIMEOUT_MS, timeout.curlMilliseconds) }
  }

  private func setMethod(_ request: WebRequest) throws {
    if let body = request.body {
      try set(CURLOPT_POST, 1)
      try check(body.withUnsafeBytes { cweb_set_body(easy, $0.baseAddress ?? UnsafeRawPointer(errorText), $0.count) })
    } else if request.method == "HEAD" {
      try set(CURLOPT_NOBODY, 1)
    } else {
      try set(CURLOPT_HTTPGET, 1)
    }
    try set(CURLOPT_CUSTOMREQUEST, request.method)
  }

  private func setHeaders(_ request: WebRequest) throws {
    // An empty value takes back what curl would add by itself: a wait for "100 Continue", a guessed type of the body.
    var lines = request.headers.map { $0.value.isEmpty ? "\($0.name);" : "\($0.name): \($0.value)" }
    lines.append("Expect:")
    let hasType = request.headers.contains { $0.name.lowercased() == "content-type" }
    if request.body != nil, !hasType { lines.append("Content-Type:") }
    for line in lines {
      guard let longer = curl_slist_append(headers, line) else {
        throw WebProblem.library("curl_slist_append", "out of memory")
      }
      headers = longer
    }
    try check(cweb_set_list(easy, Int32(CURLOPT_HTTPHEADER.rawValue), headers))
  }

  private func setTLS(_ tls: ClientTLS) throws {
    try set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_3))
    // Authorities read again after a minute, so that a renewed file comes into use.
    try set(CURLOPT_CA_CACHE_TIMEOUT, 60)
    switch tls.authority {
    case .system: break
    case .file(let path):
      try set(CURLOPT_CAINFO, path)
      // Nobody else's word counts then.
      try check(cweb_set_text(easy, Int32(CURLOPT_CAPATH.rawValue), nil))
    case .pem(let text):
      try set(CURLOPT_CAINFO_BLOB, pem: text)
      try check(cweb_set_text(easy, Int32(CURLOPT_CAPATH.rawValue), nil))
    }
    switch tls.identity {
    case nil: break
    case .files(let certificate, let key)?:
      try set(CURLOPT_SSLCERT, certificate)
      try set(CURLOPT_SSLKEY, key)
    case .pem(let certificate, let key)?:
      try set(CURLOPT_SSLCERT_BLOB, pem: certificate)
      try set(CURLOPT_SSLKEY_BLOB, pem: key)
    }
  }

  private func set(_ option: CURLoption, _ value: Int) throws {
    try check(cweb_set_number(easy, Int32(option.rawValue), value))
  }

  private func set(_ option: CURLoption, _ text: String) throws {
    try check(cweb_set_text(easy, Int32(option.rawValue), text))
  }

  private func set(_ option: CURLoption, pem: String) throws {
    var pem = pem
    try check(pem.withUTF8 { cweb_set_blob(easy, Int32(option.rawValue), $0.baseAddress, $0.count) })
  }

  private func check(_ code: Int32) throws {
    if code == 0 { return }
    let text = String(cString: curl_easy_strerror(CURLcode(rawValue: UInt32(bitPattern: code))))
    throw WebProblem.library("curl_easy_setopt", text)
  }
}
