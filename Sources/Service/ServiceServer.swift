import API
import Controller
import Quantities
import Synchronization
import WebServer

/// The service: a cloud's engine behind HTTP, for as long as this controller leads; else where the leader is.
public final class ServiceServer: Sendable {
  private let settings: ServiceSettings
  private let desk = Desk()
  private let server: WebServer

  /// Whoever answers now; nil: nothing is known here.
  private final class Desk: Sendable {
    let core = Mutex<ServiceCore?>(nil)
  }

  /// Starts to serve. Throws a `Problem` where it cannot.
  public convenience init(cloud: Cloud, settings: ServiceSettings) throws {
    try self.init(settings: settings)
    do { try lead(cloud) } catch {
      stop()
      throw error
    }
  }

  /// Starts to serve as one that does not lead. Throws a `Problem` where it cannot.
  public init(settings: ServiceSettings) throws {
    self.settings = settings
    let standby = Standby(settings: settings)
    server = try WebServer(
      listeners: settings.listeners, limits: settings.limits,
      refuse: { status, problem in Response(ProblemDocument(problem, status: status)) },
      handler: { [desk] request, reply in
        let request = Incoming(request)
        // Asked at each request: one who has ceased to lead does not know what is so now, not even to be looked at.
        guard settings.leadership().isHere, let core = desk.core.withLock({ $0 }) else {
          return reply.send(standby.answer(request))
        }
        core.router.handle(request, core) { reply.send($0) }
      })
  }

  /// Answers with what this engine knows. Throws a `Problem` where it cannot.
  public func lead(_ cloud: Cloud) throws {
    var settings = settings
    if settings.records == nil { settings.records = CloudRecords(cloud) }
    let core = try ServiceCore(cloud, settings)
    core.feeds.start()
    core.tick()
    // Only counts: whoever reads gets a subscription of their own.
    _ = core.cloud.events.subscribe(after: nil) { [metrics = core.metrics] events in
      metrics.noteEvents(events)
      return true
    }
    core.notifier.start()
    let before = desk.core.withLock { held in
      defer { held = core }
      return held
    }
    before?.stop()
  }

  /// Ceases to answer with what an engine knows, and ends what went on there. Waits for that.
  public func follow() {
    let core = desk.core.withLock { held in
      defer { held = nil }
      return held
    }
    core?.stop()
  }

  /// The listeners' ports in order; 0 for a Unix socket.
  public var ports: [UInt16] { server.ports }

  /// How many requests were answered while this controller leads.
  public var requestCount: UInt64 { desk.core.withLock { $0?.metrics.requestCount ?? 0 } }

  /// Shows another identity to clients that connect from now on.
  public func replace(identity: TLSIdentity) throws { try server.replace(identity: identity) }

  /// Ends what goes on: streams first, for they would never end, then everything else. Waits for it.
  public func stop() {
    let core = desk.core.withLock { $0 }
    core?.endStreams()
    server.stop()
    core?.workers.stop()
  }
}

extension ServiceCore {
  /// Ends what would never end by itself.
  func endStreams() {
    notifier.stop()
    feeds.stop()
    terminals.stop()
    errands.stop()
    lines.stop()
  }

  /// Ends all that goes on here.
  func stop() {
    endStreams()
    workers.stop()
  }
}
