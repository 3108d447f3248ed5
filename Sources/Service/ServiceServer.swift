import API
import Controller
import Quantities
import WebServer

/// The service: a cloud's engine behind HTTP.
public final class ServiceServer: Sendable {
  private let core: ServiceCore
  private let server: WebServer

  /// Starts to serve. Throws a `Problem` where it cannot.
  public init(cloud: Cloud, settings: ServiceSettings) throws {
    let core = try ServiceCore(cloud, settings)
    self.core = core
    server = try WebServer(
      listeners: settings.listeners, limits: settings.limits,
      refuse: { status, problem in Response(ProblemDocument(problem, status: status)) },
      handler: { request, reply in core.router.handle(Incoming(request), core) { reply.send($0) } })
    core.feeds.start()
    core.tick()
    // Only counts: whoever reads gets a subscription of their own.
    _ = core.cloud.events.subscribe(after: nil) { [metrics = core.metrics] events in
      metrics.noteEvents(events)
      return true
    }
  }

  /// The listeners' ports in order; 0 for a Unix socket.
  public var ports: [UInt16] { server.ports }

  /// How many requests were answered.
  public var requestCount: UInt64 { core.metrics.requestCount }

  /// Shows another identity to clients that connect from now on.
  public func replace(identity: TLSIdentity) throws { try server.replace(identity: identity) }

  /// Ends what goes on: streams first, for they would never end, then everything else. Waits for it.
  public func stop() {
    core.feeds.stop()
    core.terminals.stop()
    server.stop()
    core.workers.stop()
  }
}
