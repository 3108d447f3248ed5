import API
import Controller
import Identity
import Quantities
import Synchronization
import WebServer

/// What happens.
extension AllRoutes {
  static let events: [Route] = [
    Route(
      .get, "/v1/events", "events", tag: "events",
      "What happens: as a stream of server-sent events, or page by page.", .who(may: .listInfrastructures, to: .cloud),
      parameters: [
        .query("infrastructure", .name, "Only what is about this one."),
        .query(
          "kind",
          .choice(["infrastructure", "operation", "host", "substrate", "offer", "lease", "controller"]),
          "Only events of this kind."),
        .query("after", .integer(0...Int.max), "Only events after this one."), .limit, .wait,
        .header("Last-Event-ID", .header, "The last event that the client saw; a stream goes on after it."),
      ],
      answers: [
        RouteAnswer(
          status: 200,
          summary: "A page of events, or a stream: `reset` comes first where events before it are lost.",
          types: [("application/json", .ref("EventDocumentPage")), ("text/event-stream", .string)])
      ], problems: [406]
    ) { call in
      guard let principal = call.principal else { throw Call.unauthenticated }
      let filter = EventFilter(
        infrastructure: call.request.parameter("infrastructure"), kind: call.request.parameter("kind"),
        principal: principal, access: call.service.access)
      if try call.accepted(["application/json", "text/event-stream"]) == "text/event-stream" {
        return .now(EventFeed.begin(after: try call.lastEvent(), filter, call.service))
      }
      return try call.eventPage(filter)
    }
  ]
}

extension Call {
  fileprivate func lastEvent() throws(Problem) -> UInt64? {
    guard let text = request.header("Last-Event-ID") ?? request.parameter("after"), !text.isEmpty else { return nil }
    if let id = UInt64(text) { return id }
    throw Problem(
      .invalid, "bad-parameter", "The header 'Last-Event-ID' is wrong: '\(text.excerpt)' is no event's number.",
      remedy: "Send the 'id' of the last event, or leave it out.")
  }

  fileprivate func eventPage(_ filter: EventFilter) throws -> Outcome {
    let log = service.cloud.events
    let after = try lastEvent() ?? 0
    let limit = limit
    @Sendable func page() throws -> Response {
      // Filtered pages may be short, but not empty while there is more.
      let found = log.events(after: after, limit: EventLog.kept).filter(filter.takes)
      let items = found.prefix(limit).map { EventDocument($0) }
      return try Response(Page(items, next: items.last.map { "\($0.id)" }))
    }
    let isThere = log.events(after: after, limit: EventLog.kept).contains(where: filter.takes)
    let seconds = wait
    guard !isThere, seconds > 0 else { return .now(try page()) }
    return .later { answer in
      let once = Once { answer(Result { try page() }) }
      let subscription = log.subscribe(after: after) { events in
        guard events.contains(where: filter.takes) else { return !once.isDone }
        // Not from here: the log is held while it tells.
        service.workers.submit {
          once.run()
        } orRefuse: { _ in
          once.run()
        }
        return false
      }
      service.timers.after(seconds: seconds) {
        log.unsubscribe(subscription.number)
        once.run()
      }
    }
  }
}

/// Something that is done once, whoever is first.
final class Once: Sendable {
  private let body: Mutex<(@Sendable () -> Void)?>

  init(_ body: @escaping @Sendable () -> Void) { self.body = Mutex(body) }

  var isDone: Bool { body.withLock { $0 == nil } }

  func run() {
    let body = body.withLock { body in
      defer { body = nil }
      return body
    }
    body?()
  }
}
