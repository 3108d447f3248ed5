import API
import Controller
import Dispatch
import FoundationEssentials
import Quantities
import Synchronization
import WebClient

/// Tells the outside of leases that end soon, and of infrastructures that fail or end: by a webhook, by mail to the
/// owner. What cannot be delivered is tried a few times more, and then logged; it holds nobody up.
public final class Notifier: Sendable {
  /// Where notices go.
  public struct Settings: Hashable, Sendable {
    /// `http` or `https` address that events are posted to as JSON (`EventDocument`); nil is none.
    public var webhook: String?
    /// Mail server, `smtp://…`; nil is none.
    public var mailServer: String?
    /// Sender of mails. Owners whose user names are no addresses are written to at its domain.
    public var mailFrom = ""

    /// Nil sends nothing that way; `mailServer` is an SMTP server's URL.
    public init(webhook: String? = nil, mailServer: String? = nil, mailFrom: String = "") {
      (self.webhook, self.mailServer, self.mailFrom) = (webhook, mailServer, mailFrom)
    }
  }

  private static let pauses: [Double] = [1, 10, 60]

  private let settings: Settings
  private let events: EventLog
  private let log: @Sendable (String) -> Void
  private let queue = DispatchQueue(label: "virtcloud.notifier")
  private let subscription = Mutex<Int?>(nil)

  /// - Parameter log: Told what could not be delivered.
  public init(_ settings: Settings, _ events: EventLog, log: @escaping @Sendable (String) -> Void) {
    (self.settings, self.events, self.log) = (settings, events, log)
  }

  /// Begins to listen; nothing is done where nobody shall be told.
  public func start() {
    guard settings.webhook != nil || settings.mailServer != nil else { return }
    let number = events.subscribe(after: nil) { [weak self] events in
      guard let self else { return false }
      for event in events where Self.isTold(event) { queue.async { self.deliver(event, attempt: 0) } }
      return true
    }.number
    subscription.withLock { $0 = number }
  }

  /// Listens no more; what is being delivered is finished.
  public func stop() {
    if let number = subscription.withLock({ $0 }) { events.unsubscribe(number) }
    queue.sync {}
  }

  static func isTold(_ event: CloudEvent) -> Bool {
    switch (event.kind, event.what) {
    case ("lease", "ends-soon"), ("infrastructure", "failed"), ("infrastructure", "ending"),
      ("infrastructure", "impaired"):
      true
    default: false
    }
  }

  private func deliver(_ event: CloudEvent, attempt: Int) {
    var failures: [String] = []
    if let webhook = settings.webhook {
      do { try post(event, to: webhook) } catch { failures.append("\(error)") }
    }
    // A mail that was taken is not sent again because the webhook failed.
    if let server = settings.mailServer, attempt == 0 {
      do { try mail(event).send(by: server) } catch { log("\(error.message)") }
    }
    guard !failures.isEmpty else { return }
    guard attempt < Self.pauses.count else {
      return log(
        "event \(event.id) (\(event.object) \(event.what)) was not delivered: \(failures.joined(separator: "; "))")
    }
    queue.asyncAfter(deadline: .now() + Self.pauses[attempt]) { [weak self] in
      self?.deliver(event, attempt: attempt + 1)
    }
  }

  private func post(_ event: CloudEvent, to address: String) throws {
    let (base, path) = Self.split(address)
    let client = try WebClient(base: .url(base))
    let body = [UInt8](try JSONEncoder().encode(EventDocument(event)))
    let answer = try client.send(
      WebRequest("POST", path, headers: [WebHeader("Content-Type", "application/json")], body: body))
    guard (200..<300).contains(answer.status) else {
      throw Problem(
        .failed, "webhook-refused", "The webhook \(base) answered with status \(answer.status).",
        remedy: "Check 'notify: webhook:' in the service's configuration.")
    }
  }

  /// Scheme and host, and the path with its query.
  static func split(_ address: String) -> (base: String, path: String) {
    guard let scheme = address.firstRange(of: "://"),
      let slash = address[scheme.upperBound...].firstIndex(where: { $0 == "/" || $0 == "?" })
    else { return (address, "/") }
    let path = address[slash...]
    return (String(address[..<slash]), path.hasPrefix("/") ? String(path) : "/" + path)
  }

  private func mail(_ event: CloudEvent) -> Mail {
    let owner = event.owner ?? "root"
    let domain = settings.mailFrom.split(separator: "@").last.map(String.init) ?? "localhost"
    let what = event.what == "ends-soon" ? "ends soon" : event.what
    return Mail(
      from: settings.mailFrom, to: owner.contains("@") ? owner : "\(owner)@\(domain)",
      subject: "VirtCloud: \(event.object) \(what)",
      text: """
        Infrastructure \(event.object): \(what)\(event.cause.map { ", \($0)" } ?? "").

        At \(event.time). To keep it longer: virtcloud extend \(event.object) +1h
        """)
  }
}
