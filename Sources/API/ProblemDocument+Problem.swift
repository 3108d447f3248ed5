import Controller
import Identity
import Quantities

extension ProblemDocument {
  /// Where the types of problems live; nothing is served there.
  public static let base = "https://virtcloud.invalid/problems/"

  /// - Parameters:
  ///   - status: Nil is what `status(of:)` says.
  ///   - offers: What could be had instead.
  public init(_ problem: Problem, status: Int? = nil, offers: [OfferDocument]? = nil) {
    let status = status ?? Self.status(of: problem)
    self.init(
      type: Self.base + problem.code, title: Self.title(of: status), status: status, code: problem.code,
      detail: problem.message, remedy: problem.remedy, location: problem.location, offers: offers)
  }

  /// A refusal with its counter-offers.
  public init(_ declined: Declined) {
    // Not all of them need be held.
    let offers = declined.offers.map { offer in
      OfferDocument(offer, held: declined.held.first { $0.offer == offer })
    }
    self.init(declined.problem, offers: offers)
  }

  /// The HTTP status: by code where that says more, else by kind.
  public static func status(of problem: Problem) -> Int {
    if let status = statuses[problem.code] { return status }
    if problem.isAboutIdentity { return 401 }
    switch problem.kind {
    // What names a place in a file was read, and found wrong.
    case .invalid: return problem.location == nil ? 400 : 422
    case .refused: return 409
    case .notFound: return 404
    case .notPermitted: return 403
    case .failed: return 500
    }
  }

  /// Codes that have a status of their own.
  private static let statuses = [
    "unauthenticated": 401, "method-not-allowed": 405, "not-acceptable": 406, "revision-changed": 412,
    "body-too-large": 413, "file-too-large": 413, "unsupported-media-type": 415, "too-many-requests": 429,
    "too-many-terminals": 429, "no-leader": 503, "service-stopping": 503, "service-busy": 503,
    // The state of something else stands in the way, and may change.
    "not-begun": 409, "node-not-running": 409, "ended-meanwhile": 409, "terminal-not-here": 409,
    "counters-not-here": 409, "agent-silent": 409, "key-reused": 422,
  ]

  private static func title(of status: Int) -> String {
    switch status {
    case 400: "The request is malformed."
    case 401: "Who asks is not known."
    case 403: "Who asks may not do this."
    case 404: "There is no such thing."
    case 405: "This cannot be done to it."
    case 406: "It is not there in that form."
    case 409: "It does not fit with what there is."
    case 412: "It has changed meanwhile."
    case 413: "The request is too large."
    case 415: "The request is not in a form that can be read."
    case 422: "The request was read, and is wrong."
    case 429: "There were too many requests."
    case 503: "The service cannot answer now."
    default: "It was tried, and failed."
    }
  }

  /// The problem that it was made of, as a client tells it.
  public var problem: Problem {
    let kind: Problem.Kind =
      switch status {
      case 404: .notFound
      case 401, 403: .notPermitted
      case 409, 412: .refused
      case 400..<500: .invalid
      default: .failed
      }
    return Problem(kind, code, detail, remedy: remedy, location: location)
  }
}
