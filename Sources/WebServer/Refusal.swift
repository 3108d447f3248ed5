import Quantities

/// An answer that the server gives by itself, before any handler is asked.
struct Refusal {
  var status: Int
  var problem: Problem

  init(_ status: Int, _ code: String, _ message: String, remedy: String) {
    self.status = status
    problem = Problem(.invalid, code, message, remedy: remedy)
  }

  init(_ status: Int, _ problem: Problem) { (self.status, self.problem) = (status, problem) }
}

extension Refusal {
  static func bodyTooLarge(_ limit: Int) -> Refusal {
    Refusal(413, "body-too-large", "The body is larger than \(limit) bytes.", remedy: "Send less at once.")
  }
  static func headersTooLarge(_ limit: Int, status: Int = 431) -> Refusal {
    Refusal(
      status, "headers-too-large", "The headers are larger than \(limit) bytes.",
      remedy: "Send fewer or shorter headers.")
  }
  static func malformed(_ what: String, status: Int = 400) -> Refusal {
    Refusal(status, "malformed-request", what, remedy: "Send requests as RFC 9112 has them.")
  }
  static func tooSlow(_ seconds: Int) -> Refusal {
    Refusal(
      408, "request-too-slow", "The request has not arrived whole within \(seconds) s.",
      remedy: "Send it again, at once.")
  }
  static let encoding = Refusal(
    501, "unknown-transfer-encoding", "The body's transfer encoding is not 'chunked'.",
    remedy: "Send 'Transfer-Encoding: chunked' or 'Content-Length'.")
  static let version = Refusal(
    505, "unknown-http-version", "The server does not speak that version of HTTP.", remedy: "Speak HTTP/1.1.")
  static let expectation = Refusal(
    417, "unknown-expectation", "The server does not know what the request expects.",
    remedy: "Expect '100-continue' or nothing.")
  static let tooMany = Refusal(
    503, "too-many-connections", "The server has as many connections as it may have.",
    remedy: "Close connections that are not in use, or try again later.")
  static let noAnswer = Refusal(
    500, "no-answer", "The server did not make an answer.", remedy: "Tell the operator, who finds it in the log.")
  static let badAnswer = Refusal(
    500, "bad-answer", "The server made an answer that cannot be sent.",
    remedy: "Tell the operator, who finds it in the log.")
  static let stopping = Refusal(
    503, "stopping", "The server is stopping.", remedy: "Try again in a few seconds.")
}
