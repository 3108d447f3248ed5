import CCurl
import Quantities

/// Where a server is: a Unix socket, or a URL.
public enum Endpoint: Hashable, Sendable, CustomStringConvertible {
  /// Path of a Unix socket on this machine.
  case unix(String)
  /// `http://` or `https://`, a host, and maybe a port and the beginning of every path.
  case url(String)

  /// Reads `unix:/path`, `http://…` or `https://…`. Throws `Problem` `endpoint-invalid`.
  public init(_ text: String) throws {
    if text.hasPrefix("unix:") {
      var path = text.dropFirst(5)
      if path.hasPrefix("//") { path = path.dropFirst(2) }
      self = .unix(String(path))
    } else {
      self = .url(text)
    }
    _ = try prefix()
  }

  /// As it is written: `unix:/path` or the URL.
  public var description: String {
    switch self {
    case .unix(let path): "unix:\(path)"
    case .url(let text): text
    }
  }

  /// What stands before each path in curl's URLs, without a slash at its end. Throws `Problem` `endpoint-invalid`.
  func prefix() throws -> String {
    switch self {
    case .unix(let path):
      // sun_path has 108 bytes, the last of which is zero (unix(7)).
      guard path.hasPrefix("/"), path.utf8.count < 108, !path.utf8.contains(0) else {
        throw Self.invalid(description, "a socket's path begins with '/' and has at most 107 bytes")
      }
      return "http://localhost"
    case .url(let text):
      let parts = try URLParts(text)
      guard parts.query == nil, parts.fragment == nil else {
        throw Self.invalid(text, "it may have neither a query nor a fragment")
      }
      var path = parts.path[...]
      while path.hasSuffix("/") { path = path.dropLast() }
      return parts.origin + path
    }
  }

  static func invalid(_ text: String, _ reason: String) -> Problem {
    Problem(
      .invalid, "endpoint-invalid", "'\(text)' is not the address of a server: \(reason).",
      remedy: "Write https://HOST:PORT, http://HOST:PORT or unix:/PATH.")
  }
}

/// The parts of an absolute http or https URL (curl_url(3)).
struct URLParts {
  var scheme: String
  /// Scheme, host and port, such as `https://[::1]:7743`.
  var origin: String
  var path: String
  var query: String?
  var fragment: String?
  /// The whole URL, normalised.
  var text: String

  /// Reads a URL, relative to `base` where that is given. Throws `Problem` `endpoint-invalid`.
  init(_ text: String, relativeTo base: String? = nil) throws {
    guard let handle = curl_url() else { throw Endpoint.invalid(text, "out of memory") }
    defer { curl_url_cleanup(handle) }
    if let base, curl_url_set(handle, CURLUPART_URL, base, 0) != CURLUE_OK {
      throw Endpoint.invalid(base, "it cannot be read")
    }
    let code = curl_url_set(handle, CURLUPART_URL, text, 0)
    guard code == CURLUE_OK else {
      throw Endpoint.invalid(text, String(cString: curl_url_strerror(code)))
    }
    guard let scheme = Self.part(handle, CURLUPART_SCHEME), ["http", "https"].contains(scheme),
      let host = Self.part(handle, CURLUPART_HOST), !host.isEmpty, let whole = Self.part(handle, CURLUPART_URL)
    else { throw Endpoint.invalid(text, "only http and https with a host are known") }
    guard Self.part(handle, CURLUPART_USER) == nil, Self.part(handle, CURLUPART_PASSWORD) == nil else {
      throw Endpoint.invalid(text, "it may not carry a user's name or password")
    }
    self.scheme = scheme
    origin = "\(scheme)://\(host)" + (Self.part(handle, CURLUPART_PORT).map { ":\($0)" } ?? "")
    path = Self.part(handle, CURLUPART_PATH) ?? "/"
    query = Self.part(handle, CURLUPART_QUERY)
    fragment = Self.part(handle, CURLUPART_FRAGMENT)
    self.text = whole
  }

  private static func part(_ handle: OpaquePointer, _ part: CURLUPart) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }
}
