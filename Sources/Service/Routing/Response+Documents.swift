import API
import Controller
import FoundationEssentials
import Quantities
import WebServer

extension Response {
  /// A document as JSON.
  init(_ document: some Encodable, status: Int = 200, headers: [(name: String, value: String)] = []) throws {
    self.init(
      status: status, headers: [("Content-Type", "application/json")] + headers, body: try DocumentJSON.bytes(document))
  }

  init(_ problem: ProblemDocument, headers: [(name: String, value: String)] = []) {
    // A problem has nothing that JSON lacks.
    let body = (try? DocumentJSON.bytes(problem)) ?? []
    var headers = headers
    if problem.status == 401 { headers.append(("WWW-Authenticate", "Bearer realm=\"virtcloud\"")) }
    if problem.status == 503 { headers.append(("Retry-After", "1")) }
    self.init(
      status: problem.status, headers: [("Content-Type", "application/problem+json")] + headers, body: body)
  }

  static let noContent = Response(status: 204)
}

/// How documents become bytes.
enum DocumentJSON {
  static func bytes(_ document: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(document))
  }
}

extension ServiceCore {
  /// The answer to what went wrong. What nobody expected is told to the log, not to the client.
  func response(to error: any Error) -> Response {
    if let problem = error as? Problem { return Response(ProblemDocument(problem)) }
    if let declined = error as? Declined { return Response(ProblemDocument(declined)) }
    log.say("unexpected: \(error)")
    return Response(
      ProblemDocument(
        Problem(
          .failed, "internal-error", "The service failed in a way that it does not know.",
          remedy: "Tell the operator, who finds it in the log.")))
  }
}
