import API
import Controller
import FoundationEssentials
import Identity
import Quantities
import WebServer

/// One request on its way through a route.
struct Call: Sendable {
  let service: ServiceCore
  let request: Incoming
  let route: Route
  /// What the path's captures took, in order.
  let captures: [String]
  /// Who asks; nil is anybody.
  let principal: Principal?
  let glance: Glance
  /// The one moment of the cloud that this call looks at.
  var view: CloudView { glance.view }

  var now: Timestamp { view.time }

  /// What the path's first capture took; empty where it has none.
  var captured: String { captures.first ?? "" }

  /// The caller as the engine knows them. Throws where nobody is known.
  func caller() throws -> Caller {
    guard let principal else { throw Self.unauthenticated }
    return Caller(user: principal.user.description, project: try project())
  }

  /// The project that the query names.
  func project() throws(Problem) -> Name? {
    try request.parameter("project").map { (text) throws(Problem) in try Name(parsing: text) }
  }

  func flag(_ name: String) -> Bool { request.parameter(name) == "true" }

  func number(_ name: String) -> Int? { request.parameter(name).flatMap { Int($0) } }

  func duration(_ name: String) throws(Problem) -> Duration? {
    try request.parameter(name).map { (text) throws(Problem) in try Duration(parsing: text) }
  }

  func moment(_ name: String) throws(Problem) -> Moment? {
    try request.parameter(name).map { (text) throws(Problem) in try Moment(parsing: text, now: now) }
  }

  /// The path's name of an infrastructure, which the route's access has found.
  func record() throws(Problem) -> InfrastructureRecord {
    guard let record = Name(captured).flatMap({ view.record($0) }) else {
      throw Self.missing("infrastructure", captured)
    }
    return record
  }

  /// True where the caller may see it.
  func sees(_ target: Target, _ action: Action = .readInfrastructure) -> Bool {
    guard let principal else { return false }
    return service.access.policy.allows(principal, action, on: target)
  }

  /// Does something that takes long on another thread, and answers with what comes of it.
  func work(_ body: @escaping @Sendable () throws -> Response) -> Outcome {
    .later { answer in
      service.workers.submit {
        answer(Result { try body() })
      } orRefuse: {
        answer(.failure($0))
      }
    }
  }

  /// The same, where what comes of it is an outcome itself.
  func working(_ body: @escaping @Sendable () throws -> Outcome) -> Outcome {
    .later { answer in
      service.workers.submit {
        do {
          switch try body() {
          case .now(let response): answer(.success(response))
          case .later(let begin): begin(answer)
          }
        } catch { answer(.failure(error)) }
      } orRefuse: {
        answer(.failure($0))
      }
    }
  }
}

extension Call {
  /// The body as a document. Throws `bad-body`.
  func document<Document: Decodable>(_ type: Document.Type) throws(Problem) -> Document {
    do {
      return try JSONDecoder().decode(type, from: Data(request.body))
    } catch {
      throw Problem(
        .invalid, "bad-body", "The body is not what is asked for: \(Self.fault(error)).",
        remedy: "Send JSON as /v1/openapi.json describes it.")
    }
  }

  private static func fault(_ error: any Error) -> String {
    func place(_ context: DecodingError.Context, _ what: String) -> String {
      let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
      return path.isEmpty ? what : "\(path.excerpt): \(what)"
    }
    switch error as? DecodingError {
    case .keyNotFound(let key, let context): return place(context, "'\(key.stringValue)' is missing")
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return place(context, context.debugDescription.excerpt)
    case .dataCorrupted(let context): return place(context, context.debugDescription.excerpt)
    default: return "it cannot be read"
    }
  }
}
