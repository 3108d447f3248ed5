import API
import FoundationEssentials
import Quantities
import WebClient

/// What comes out of a terminal.
public enum TerminalEvent: Hashable, Sendable {
  case output([UInt8])
  /// The command has ended with this status; 128 and the signal where one ended it.
  case exit(Int32)
}

extension CloudClient {
  /// Opens a terminal in a node and runs a command there; nil is a login shell.
  public func openTerminal(
    in infrastructure: String, node: String, _ request: TerminalRequest
  ) throws -> TerminalDocument {
    let path = RequestPath("infrastructures", infrastructure, "nodes", node, "terminals")
    return try send("POST", path, body: .json(request), as: TerminalDocument.self)
  }

  /// Sends what is typed.
  public func type(_ bytes: [UInt8], into terminal: String) throws {
    try send(
      "POST", RequestPath("terminals", terminal, "input"),
      body: RequestBody(type: "application/octet-stream", bytes: bytes))
  }

  /// Tells how large it is.
  public func resize(terminal: String, to size: TerminalSize) throws {
    try send("PUT", RequestPath("terminals", terminal, "size"), body: .json(size), isRepeatable: true)
  }

  /// Ends it, and what runs in it.
  public func close(terminal: String) throws { try send("DELETE", RequestPath("terminals", terminal)) }

  /// Gives what comes out of it, until its command ends or `take` returns false; blocks.
  public func watch(terminal: String, take: @escaping (TerminalEvent) -> Bool) throws {
    let controller = controllers[current.load(ordering: .relaxed)]
    var parser = EventStreamParser()
    let request = WebRequest(
      "GET", RequestPath("terminals", terminal, "output").text, headers: headers(accepting: "text/event-stream"),
      timeout: nil)
    let response = try controller.stream(request) { bytes in
      // An event that is larger than any of ours is the end of the stream.
      guard let events = try? parser.feed(bytes) else { return false }
      return events.allSatisfy { event in Self.terminalEvent(event).map(take) ?? true }
    }
    guard response.status != 0, response.status >= 300 else { return }
    throw Self.problem(of: response, from: controller.endpoint)
  }

  private static func terminalEvent(_ event: EventStreamParser.Event) -> TerminalEvent? {
    if event.event == "exit" { return Int32(event.data.filter { $0.isNumber }).map(TerminalEvent.exit) }
    return Data(base64Encoded: event.data).map { .output([UInt8]($0)) }
  }
}
