import API
import Controller
import Identity
import Quantities
import Synchronization
import WebServer

/// Which events somebody wants, and may see.
struct EventFilter: Sendable {
  var infrastructure: String?
  var kind: String?
  var principal: Principal
  var access: AccessKeeper

  func takes(_ event: CloudEvent) -> Bool {
    if let kind, event.kind != kind { return false }
    if let infrastructure, event.object != infrastructure || !Self.aboutInfrastructures.contains(event.kind) {
      return false
    }
    guard let owner = event.owner else {
      // What is somebody's, and does not say whose, is told only to who sees everything.
      if !Self.aboutInfrastructures.contains(event.kind) { return true }
      return access.policy.allows(principal, .readEvents, on: Target(event.object, owner: Target.nobody))
    }
    return access.policy.allows(
      principal, .readEvents, on: Target(Caller(user: owner, project: event.project), event.object))
  }

  /// False where the token that the reader came with opens nothing any more.
  var isCurrent: Bool {
    guard case .token(let id) = principal.origin else { return true }
    return access.book.tokens[id]?.isValid(at: .now) ?? false
  }

  private static let aboutInfrastructures: Set<String> = ["infrastructure", "lease", "operation", "offer"]
}

/// One reader's stream of server-sent events (HTML standard, section "Server-sent events").
enum EventFeed {
  /// Begins a stream after an event (nil: with what comes next).
  ///
  /// A reader that is too slow is cut off by the web server, and comes back with the last event that it saw.
  static func begin(after id: UInt64?, _ filter: EventFilter, _ service: ServiceCore) -> Response {
    let stream = EventStream()
    // Some proxies hold back a beginning; a wish for the time between attempts is no event.
    stream.write(Array("retry: 2000\n\n".utf8))
    let log = service.cloud.events
    // What was missed comes while we subscribe, before it is known whether it is all: it waits until then.
    let gate = Mutex<[UInt8]?>([])
    let subscription = log.subscribe(after: id) { events in
      guard filter.isCurrent else {
        stream.finish()
        return false
      }
      let bytes = events.filter(filter.takes).flatMap(Self.bytes(of:))
      let waits = gate.withLock { waiting in
        waiting?.append(contentsOf: bytes)
        return waiting != nil
      }
      return waits || (bytes.isEmpty ? !stream.isClosed : stream.write(bytes))
    }
    gate.withLock { waiting in
      if !subscription.isComplete { stream.write(Array("event: reset\ndata: {}\n\n".utf8)) }
      stream.write(waiting ?? [])
      waiting = nil
    }
    stream.onClose { log.unsubscribe(subscription.number) }
    service.feeds.add(stream)
    return Response(status: 200, headers: [("Content-Type", "text/event-stream")], body: stream)
  }

  static func bytes(of event: CloudEvent) -> [UInt8] {
    // An event has nothing that JSON lacks; encoded JSON has no line breaks.
    guard let data = try? DocumentJSON.bytes(EventDocument(event)) else { return [] }
    return Array("id: \(event.id)\nevent: \(event.kind)\ndata: ".utf8) + data + Array("\n\n".utf8)
  }
}
