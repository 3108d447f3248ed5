import API
import Controller
import Identity
import Linux
import Quantities
import WebServer

/// Everything that a handler may use.
final class ServiceCore: Sendable {
  let cloud: Cloud
  let settings: ServiceSettings
  let access: AccessKeeper
  let router: Router
  let cache = DocumentCache()
  let metrics: ServiceMetrics
  let log: AccessLog
  let meter: RequestMeter
  let timers = Timers()
  let workers: WorkerPool
  let terminals: Terminals
  /// What is wanted of hosts' agents at once.
  let errands: ErrandDesk
  /// Terminals on hosts with agents of their own.
  let lines = RemoteLines()
  let feeds = EventFeeds()
  let accounts = Accounts()
  let notifier: Notifier
  let now: @Sendable () -> Timestamp
  /// The API's description, made once.
  let description: Entity

  /// - Parameter clock: Nanoseconds by which requests are counted.
  init(
    _ cloud: Cloud, _ settings: ServiceSettings, now: @escaping @Sendable () -> Timestamp = { .now },
    clock: @escaping @Sendable () -> UInt64 = { Clock.monotonic }
  ) throws {
    self.cloud = cloud
    self.settings = settings
    self.now = now
    router = Router(AllRoutes.table)
    access = try AccessKeeper(settings.access, settings.records, projects: settings.projects)
    metrics = ServiceMetrics(version: settings.version)
    log = AccessLog(settings.log)
    meter = RequestMeter(rate: settings.requestsPerSecond, clock: clock)
    workers = try WorkerPool(threads: settings.workers)
    terminals = Terminals(settings.terminals)
    errands = ErrandDesk(timers, grace: settings.errands.grace)
    notifier = Notifier(settings.notices, cloud.events) { [log] in log.say($0) }
    description = try Entity(
      type: "application/json", DocumentJSON.bytes(OpenAPI.document(router.routes, version: settings.version)))
  }

  /// Looks every two seconds at what time brings, as long as it lives.
  func tick() {
    timers.after(seconds: 2) { [weak self] in
      guard let self else { return }
      let view = cloud.view
      terminals.sweep { view.record($0) != nil }
      tick()
    }
  }

  /// Where a request must go that only the leader answers; nil where that is here. Throws `no-leader`.
  func elsewhere(_ request: Incoming) throws(Problem) -> Response? {
    let leadership = settings.leadership()
    if leadership.isHere { return nil }
    return try Standby.elsewhere(request, leadership)
  }
}

/// Percent-encoding (RFC 3986, section 2).
enum URLText {
  static func encoded(_ text: String) -> String {
    var result = ""
    let digits = Array("0123456789ABCDEF")
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e:
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default: result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
      }
    }
    return result
  }
}
