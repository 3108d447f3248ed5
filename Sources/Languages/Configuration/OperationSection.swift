import Quantities

/// `agents`, `limits`, `notify`, `logging`: how the service works.
enum OperationSection {
  static func read(into service: inout ServiceConfiguration, _ fields: Fields) throws(Problem) {
    service.agents = try agents(fields)
    service.limits = try limits(fields)
    service.notices = try notices(fields)
  }

  /// Throws `bad-order` where the three times do not rise.
  private static func agents(_ fields: Fields) throws(Problem) -> ServiceConfiguration.AgentTimes {
    var times = ServiceConfiguration.AgentTimes()
    guard let fields = try fields.fields("agents", .agents) else { return times }
    func time(_ text: String) throws(Problem) -> Duration {
      try Bounds.duration(text, in: .seconds(1)...(.seconds(86_400)))
    }
    times.poll = try fields.value("poll", time) ?? times.poll
    times.lostAfter = try fields.value("lost-after", time) ?? times.lostAfter
    times.fenceAfter = try fields.value("fence-after", time) ?? times.fenceAfter
    guard times.poll < times.lostAfter, times.lostAfter < times.fenceAfter else {
      throw fields.mark.problem(
        "bad-order",
        "\(fields.subject): poll (\(times.poll.text)), lost-after (\(times.lostAfter.text)) and fence-after "
          + "(\(times.fenceAfter.text)) do not rise.",
        remedy: "Make each longer than the one before, such as 10s, 30s and 60s.")
    }
    return times
  }

  private static func limits(_ fields: Fields) throws(Problem) -> ServiceConfiguration.RequestLimits {
    var limits = ServiceConfiguration.RequestLimits()
    guard let fields = try fields.fields("limits", .limits) else { return limits }
    limits.connections =
      try fields.value("connections") { (text) throws(Problem) in try Bounds.whole(text, in: 16...1_000_000, "10000") }
      ?? limits.connections
    limits.body = try fields.value("body", body) ?? limits.body
    limits.requestsPerSecond =
      try fields.value("requests-per-second") { (text) throws(Problem) in
        try Bounds.whole(text, in: 1...1_000_000, "1000")
      } ?? limits.requestsPerSecond
    return limits
  }

  /// From what the smallest request needs to what one may hold in memory many times over.
  private static func body(_ text: String) throws(Problem) -> ByteCount {
    let body = try ByteCount(parsing: text)
    guard (64 << 10...64 << 20).contains(body.bytes) else {
      throw Problem(
        .invalid, "out-of-bounds", "'\(text.excerpt)' is not from 64KiB to 64MiB.", remedy: "Write one such as 8MiB.")
    }
    return body
  }

  private static func notices(_ fields: Fields) throws(Problem) -> ServiceConfiguration.Notices {
    var notices = ServiceConfiguration.Notices()
    guard let fields = try fields.fields("notify", .notify) else { return notices }
    notices.webhook = try fields.value("webhook") { (text) throws(Problem) in try Bounds.url(text, ["https", "http"]) }
    if let fields = try fields.fields("mail", .mail) {
      notices.mail = ServiceConfiguration.Mail(
        server: try fields.required("server") { (text) throws(Problem) in try Bounds.url(text, ["smtp", "smtps"]) },
        from: try fields.required("from", Bounds.mailAddress))
    }
    let times = try fields.list("before-lease-end", "[1h, 10m]") { (text) throws(Problem) in
      try Bounds.duration(text, in: .seconds(1)...(.seconds(30 * 86_400)))
    }
    if let times { notices.beforeLeaseEnd = Set(times).sorted(by: >) }
    return notices
  }

  /// What is logged, of the service and the agent alike.
  static func logging(_ fields: Fields) throws(Problem) -> Logging {
    var logging = Logging()
    guard let fields = try fields.fields("logging", .logging) else { return logging }
    logging.format = try fields.choice("format", Logging.Format.self) ?? logging.format
    logging.level = try fields.choice("level", Logging.Level.self) ?? logging.level
    return logging
  }
}
