import API
import FoundationEssentials
import Glibc
import Linux
import Quantities
import Synchronization
import WebClient

/// An administrator of a test's site, over the controller's Unix socket.
final class SiteClient: Sendable {
  private let client: WebClient

  init(_ controller: RealController) throws { client = try WebClient(base: .unix(controller.socket)) }

  func send(_ method: String, _ path: String, _ body: [UInt8]? = nil, type: String = "application/json") throws
    -> WebResponse
  {
    try client.send(method, path, headers: [WebHeader("Content-Type", type)], body: body)
  }

  /// Throws what the service says where it is no such document.
  func document<Document: Decodable>(_ type: Document.Type, _ response: WebResponse) throws -> Document {
    do { return try JSONDecoder().decode(type, from: Data(response.body)) } catch {
      throw Problem(.failed, "answer", "\(response.status): \(response.text)", remedy: "")
    }
  }

  func rates(of name: String) throws -> Page<RateDocument> {
    try document(Page<RateDocument>.self, send("GET", "/v1/infrastructures/\(name)/rates"))
  }

  /// Opens a terminal, and reads what it says from then on.
  func open(_ name: String, _ node: String, _ command: [String], columns: Int = 80, rows: Int = 24) throws -> Terminal {
    let request = TerminalRequest(columns: columns, rows: rows, command: command)
    let response = try send(
      "POST", "/v1/infrastructures/\(name)/nodes/\(node)/terminals", Array(JSONEncoder().encode(request)))
    return try Terminal(self, try document(TerminalDocument.self, response).id)
  }

  /// One that is open.
  final class Terminal: Sendable {
    let id: String
    private let site: SiteClient
    private let state = Mutex((output: [UInt8](), status: Int32?.none))

    fileprivate init(_ site: SiteClient, _ id: String) throws {
      (self.site, self.id) = (site, id)
      try ServiceThread.start("test-terminal") { [self] in read() }
    }

    var output: String { state.withLock { String(decoding: $0.output, as: UTF8.self) } }
    var count: Int { state.withLock { $0.output.count } }
    var status: Int32? { state.withLock { $0.status } }

    private func read() {
      var parser = EventStreamParser()
      // What the test waits for does not come then, and it says so.
      _ = try? site.client.stream(WebRequest("GET", "/v1/terminals/\(id)/output", timeout: .seconds(120))) { bytes in
        guard let events = try? parser.feed(bytes) else { return false }
        self.state.withLock { state in
          for event in events {
            if event.event == "exit" {
              state.status = Int32(event.data.filter { $0.isNumber })
            } else {
              state.output += Data(base64Encoded: event.data).map { Array($0) } ?? []
            }
          }
        }
        return true
      }
    }

    func type(_ text: String) throws -> Int {
      try site.send("POST", "/v1/terminals/\(id)/input", Array(text.utf8), type: "application/octet-stream").status
    }

    func resize(columns: Int, rows: Int) throws -> Int {
      let size = TerminalSize(columns: columns, rows: rows)
      return try site.send("PUT", "/v1/terminals/\(id)/size", Array(JSONEncoder().encode(size))).status
    }

    func close() throws -> Int { try site.client.send("DELETE", "/v1/terminals/\(id)").status }
  }
}
