import API
import FoundationEssentials
import Quantities
import WebClient

/// What a controller refused, and could give instead.
public struct RefusedWithOffers: Error, Sendable {
  /// Why it was refused.
  public var problem: Problem
  /// The nearest to what was asked first.
  public var offers: [OfferDocument]

  /// The nearest offer first.
  public init(problem: Problem, offers: [OfferDocument]) { (self.problem, self.offers) = (problem, offers) }
}

extension CloudClient {
  /// Asks for a document.
  ///
  /// - Throws: the problem with which it was refused.
  func get<Value: Decodable>(_ path: RequestPath, as type: Value.Type, wait: Int = 0) throws -> Value {
    let timeout = Duration.seconds(30 + wait)
    let request = WebRequest("GET", path.text, headers: headers(accepting: "application/json"), timeout: timeout)
    return try decode(try checked(exchange(request, isRepeatable: true)))
  }

  /// Asks for a text, such as a definition or a picture.
  func text(_ path: RequestPath, type: String) throws -> [UInt8] {
    try checked(exchange(WebRequest("GET", path.text, headers: headers(accepting: type)), isRepeatable: true)).body
  }

  /// All items of a list, page after page.
  func items<Item: Codable & Hashable & Sendable>(_ path: RequestPath, of type: Item.Type) throws -> [Item] {
    try whole(path, of: type).items
  }

  /// The same as one page, with the hosts that were missing on any.
  func whole<Item: Codable & Hashable & Sendable>(_ path: RequestPath, of type: Item.Type) throws -> Page<Item> {
    var whole = Page<Item>([])
    var missing: Set<Name> = []
    var path = path
    while true {
      let page = try get(path, as: Page<Item>.self)
      whole.items += page.items
      missing.formUnion(page.missing ?? [])
      guard let next = page.next, !page.items.isEmpty else {
        whole.missing = missing.isEmpty ? nil : missing.sorted()
        return whole
      }
      path.setQuery("after", next)
    }
  }

  /// Sends a document and reads the answer; nil where that has no body.
  ///
  /// - Parameter key: What the client calls it, so that sending it twice does no more than once; without one it is
  ///   not sent again when the answer was lost.
  func send<Value: Decodable>(
    _ method: String, _ path: RequestPath, body: RequestBody? = nil, key: String? = nil, as type: Value.Type
  ) throws -> Value {
    try decode(try send(method, path, body: body, key: key))
  }

  @discardableResult
  func send(
    _ method: String, _ path: RequestPath, body: RequestBody? = nil, key: String? = nil, isRepeatable: Bool = false
  ) throws -> WebResponse {
    var headers = headers(accepting: "application/json")
    if let key { headers.append(WebHeader("Idempotency-Key", key)) }
    if let body { headers.append(WebHeader("Content-Type", body.type)) }
    let request = WebRequest(method, path.text, headers: headers, body: body?.bytes, timeout: .seconds(120))
    return try checked(exchange(request, isRepeatable: key != nil || isRepeatable))
  }

  /// The response, unless it is a refusal, which is thrown.
  private func checked(_ response: WebResponse) throws -> WebResponse {
    if (200..<300).contains(response.status) { return response }
    guard let document = Self.document(of: response) else { throw Self.problem(of: response, from: endpoints[0]) }
    if let offers = document.offers, !offers.isEmpty {
      throw RefusedWithOffers(problem: Problem(document), offers: offers)
    }
    throw Problem(document)
  }

  func decode<Value: Decodable>(_ response: WebResponse) throws -> Value {
    do { return try JSONDecoder().decode(Value.self, from: Data(response.body)) } catch {
      throw Problem(
        .failed, "answer-unreadable", "The controller's answer makes no sense to this version: \(error).",
        remedy: "Use the controller's version of virtcloud; 'virtcloud version' tells both.")
    }
  }

  private static func document(of response: WebResponse) -> ProblemDocument? {
    // An answer that is none of ours has no problem in it, and is told as it is.
    try? JSONDecoder().decode(ProblemDocument.self, from: Data(response.body))
  }

  /// The problem in a response; whatever it is that answers, there is one.
  static func problem(of response: WebResponse, from endpoint: Endpoint) -> Problem {
    if let document = document(of: response) { return Problem(document) }
    return Problem(
      .failed, "no-controller", "What answers at '\(endpoint)' is no VirtCloud controller (status \(response.status)).",
      remedy: "Name the controller's address.")
  }
}

/// What a request carries.
struct RequestBody: Sendable {
  var type: String
  var bytes: [UInt8]

  static func yaml(_ text: String) -> RequestBody { RequestBody(type: "application/yaml", bytes: [UInt8](text.utf8)) }

  static func json(_ value: some Encodable) throws -> RequestBody {
    RequestBody(type: "application/json", bytes: [UInt8](try JSONEncoder().encode(value)))
  }
}
