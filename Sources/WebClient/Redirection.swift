import Quantities

/// Where a request goes next, when servers send it on.
struct Redirection {
  private(set) var url: String
  private(set) var server: Server
  private var count = 0

  init(_ server: Server, _ url: String) {
    self.server = server
    self.url = url
  }

  /// True where the request should be sent again to the `url` that has changed.
  ///
  /// Only 307 and 308 (RFC 9110, 15.4.8 and 15.4.9) are followed, for they keep the method and the body. Headers go
  /// with them, and so never from HTTPS to HTTP. Throws `Problem` `server-redirects`.
  mutating func follow(_ response: WebResponse) throws -> Bool {
    guard server.limits.redirects > 0, response.status == 307 || response.status == 308,
      let location = response.header("location")
    else { return false }
    if count == server.limits.redirects {
      throw WebProblem.redirects(url, "it was sent on more than \(count) times")
    }
    count += 1
    let next = try URLParts(location, relativeTo: url)
    if url.hasPrefix("https:"), next.scheme != "https" {
      throw WebProblem.redirects(url, "it sends on to '\(next.origin)', which is not protected by TLS")
    }
    let isElsewhere = try next.origin != URLParts(url).origin
    if isElsewhere, case .unix = server.endpoint {
      throw WebProblem.redirects(url, "a server on a socket sends on to '\(next.origin)'")
    }
    url = next.text
    return true
  }
}
