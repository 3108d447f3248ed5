import API
import Identity
import WebServer

/// One line of the table from which everything comes: dispatch, authorisation, the API's description, and the test
/// that tries every role on every route.
struct Route: Sendable {
  enum Method: String, Hashable, Sendable, CaseIterable {
    case get = "GET"
    case put = "PUT"
    case post = "POST"
    case patch = "PATCH"
    case delete = "DELETE"
  }

  /// Who may use it.
  enum Access: Sendable {
    /// Everybody, known or not.
    case anybody
    /// Who may do the action to what the route is about.
    case who(may: Action, to: Subject)
  }

  /// How its uses are kept.
  enum Audit: Sendable {
    /// What changes nothing is not kept.
    case none
    case kept
  }

  let method: Method
  let pattern: RoutePattern
  /// Its name in the API's description, in logs and metrics.
  let id: String
  /// Which part of the API it belongs to.
  let tag: String
  /// One sentence.
  let summary: String
  let access: Access
  /// Of its query and headers.
  var parameters: [RouteParameter] = []
  var body: RouteBody?
  var answers: [RouteAnswer]
  /// Statuses of problems beside those that follow from the rest.
  var problems: [Int] = []
  var audit: Audit
  /// Only the leading controller can answer.
  var needsLeader: Bool
  let perform: @Sendable (Call) throws -> Outcome

  init(
    _ method: Method, _ path: String, _ id: String, tag: String, _ summary: String, _ access: Access,
    parameters: [RouteParameter] = [], body: RouteBody? = nil, answers: [RouteAnswer], problems: [Int] = [],
    audit: Audit? = nil, needsLeader: Bool? = nil, perform: @escaping @Sendable (Call) throws -> Outcome
  ) {
    self.method = method
    pattern = RoutePattern(path)
    self.id = id
    self.tag = tag
    self.summary = summary
    self.access = access
    self.parameters = parameters
    self.body = body
    self.answers = answers
    self.problems = problems
    self.audit = audit ?? (method == .get ? .none : .kept)
    self.needsLeader = needsLeader ?? (method != .get)
    self.perform = perform
  }
}

/// What a route makes of a call.
enum Outcome: Sendable {
  case now(Response)
  /// The closure gets the way back, which is used once, from any thread.
  case later(@Sendable (@escaping Answer) -> Void)

  typealias Answer = @Sendable (Result<Response, any Error>) -> Void
}

/// A body that a route reads.
struct RouteBody: Sendable {
  /// Media types with their schemas; the first is the usual one.
  var types: [(type: String, schema: JSON)]
  var isRequired = true
  var example: JSON?

  /// JSON of a document.
  static func json(_ document: String, isRequired: Bool = true, example: JSON? = nil) -> RouteBody {
    RouteBody(types: [("application/json", .ref(document))], isRequired: isRequired, example: example)
  }

  /// A file that describes an infrastructure or a substrate.
  static let file = RouteBody(types: [
    // Any YAML may turn out to be one: what is wrong with it only the readers know.
    ("application/yaml", ["description": "YAML in the language of the files."]),
    ("application/json", ["type": "object", "description": "The same, in JSON."]),
    ("application/xml", JSON.string.saying("VXDL 2.0; of a substrate GraphML, too.")),
  ])
}

extension RouteBody {
  /// A file that may be wrong in any way.
  static let anyFile = RouteBody(types: [
    ("application/yaml", ["description": "YAML."]), ("application/json", ["description": "The same, in JSON."]),
    ("application/xml", ["description": "VXDL 2.0; of a substrate GraphML, too."]),
  ])
}

/// An answer that a route gives.
struct RouteAnswer: Sendable {
  var status: Int
  var summary: String
  /// Empty where there is no body.
  var types: [(type: String, schema: JSON)] = []
  var headers: [String: JSON] = [:]

  static func json(
    _ document: String, _ summary: String, status: Int = 200, tagged: Bool = false
  ) -> RouteAnswer {
    RouteAnswer(
      status: status, summary: summary, types: [("application/json", .ref(document))],
      headers: tagged ? ["ETag": .string] : [:])
  }

  static func text(_ type: String, _ summary: String, tagged: Bool = false) -> RouteAnswer {
    RouteAnswer(
      status: 200, summary: summary, types: [(type, type == "application/yaml" ? [:] : .string)],
      headers: tagged ? ["ETag": .string] : [:])
  }

  static func empty(_ status: Int = 204, _ summary: String) -> RouteAnswer {
    RouteAnswer(status: status, summary: summary)
  }

  /// Long work that has begun, or, where the client would wait for it, has ended.
  static let operation: [RouteAnswer] = [
    RouteAnswer(
      status: 202, summary: "It has begun.", types: [("application/json", .ref("OperationDocument"))],
      headers: ["Location": JSON.string.saying("Of the operation.")]),
    RouteAnswer(
      status: 200, summary: "It has ended: the client would wait.",
      types: [("application/json", .ref("OperationDocument"))]),
  ]

  /// Nothing has changed since the client saw it.
  static let notModified = RouteAnswer(status: 304, summary: "It is as the client knows it.")
}
