import API
import Controller
import Identity
import Quantities
import WebServer

/// For operators: what was used, who did what, garbage, the end.
extension AllRoutes {
  static let operators: [Route] = [
    Route(
      .get, "/v1/usage", "readUsage", tag: "accounts", "What users or projects have taken, and what it comes to.",
      .who(may: .readOwnIdentity, to: .cloud),
      parameters: [
        .query("by", .choice(["user", "project"]), "Add up by this; user by itself."),
        .query("from", .moment, "Only what was used after; 30 days ago by itself."),
        .query("until", .moment, "Only what was used before; now by itself."),
        .query("parts", .integer(1...100), "Add up in so many equal parts of the interval, one after the other."),
        .limit, .after,
      ], answers: [.json("UsageDocumentPage", "A page of it, by name.")]
    ) { call in
      let until = try call.moment("until")?.time ?? call.now
      let from = try call.moment("from")?.time ?? Timestamp(seconds: max(0, until.seconds - 30 * 86400))
      guard from < until else {
        throw Problem(.invalid, "times-order", "'from' is not before 'until'.", remedy: "Swap them.")
      }
      return call.work {
        let records = try call.service.cloud.usage(over: from..<until).filter {
          call.sees(Target($0.caller, ""), .readUsage)
        }
        let isByProject = call.request.parameter("by") == "project"
        guard let parts = call.number("parts") else {
          return try Response(call.page(byPosition: UsageDocument.sums(of: records, isByProject: isByProject)))
        }
        let sums = (from..<until).parts(parts).flatMap { part in
          UsageDocument.sums(
            of: records.compactMap { $0.cut(to: part) }, isByProject: isByProject, from: part.lowerBound)
        }
        return try Response(call.page(byPosition: sums))
      }
    },
    Route(
      .get, "/v1/audit", "readAudit", tag: "operators", "Who changed what, the latest first.",
      .who(may: .readAudit, to: .cloud),
      parameters: [
        .query("user", .text, "Only what this user did."),
        .query("action", .text, "Only this operation, by its `operationId` here."),
        .query("outcome", .text, "Only what ended so: `done`, `failed` for any problem, or a problem's code."), .limit,
        .after,
      ],
      answers: [.json("AuditDocumentPage", "A page of it.")]
    ) { call in
      call.work {
        let (user, action) = (call.request.parameter("user"), call.request.parameter("action"))
        let outcome = call.request.parameter("outcome")
        // One more tells that there is a next page.
        let found = try call.service.cloud.auditLog(limit: call.limit + 1, before: call.request.parameter("after")) {
          (user == nil || $0.user == user) && (action == nil || $0.action == action)
            && (outcome == nil || $0.outcome == outcome || (outcome == "failed" && $0.outcome != "done"))
        }
        let page = found.prefix(call.limit)
        return try Response(
          Page(page.map { AuditDocument($0.entry) }, next: found.count > page.count ? page.last?.key : nil))
      }
    },
    Route(
      .post, "/v1/garbage", "collectGarbage", tag: "operators",
      "Find, and without `dryRun` remove, what bears our marks and belongs to nothing.",
      .who(may: .collectGarbage, to: .cloud), parameters: [.dryRun, .key, .prefer],
      answers: RouteAnswer.operation, problems: [409]
    ) { call in
      guard !call.flag("dryRun") else {
        let user = try call.caller().user
        return call.work {
          try Response(
            OperationDocument(
              dryRun: "collect-garbage", target: "", user: user, at: call.now,
              results: try call.service.cloud.leftovers()))
        }
      }
      return try call.order(.collectGarbage)
    },
    Route(
      .post, "/v1/stop", "stopService", tag: "operators", "End the service; what runs goes on.",
      .who(may: .stopService, to: .cloud), answers: [.empty(202, "It ends.")], problems: [409], needsLeader: false
    ) { call in
      guard let stop = call.service.settings.stop, call.isLocalAdministrator else {
        throw Problem(
          .refused, "not-stoppable", "This service is not ended by a request.",
          remedy: "End it where it was started: 'systemctl stop virtcloud'.")
      }
      // The answer goes first.
      call.service.timers.after(seconds: 0.2, stop)
      return .now(Response(status: 202))
    },
    Route(
      .get, "/metrics", "metrics", tag: "operators", "Metrics for Prometheus.", .who(may: .readMetrics, to: .cloud),
      answers: [.text("text/plain", "In its text form.")]
    ) { call in
      var metrics = MetricText()
      let service = call.service
      service.metrics.write(to: &metrics)
      service.meter.write(to: &metrics)
      EngineMetrics.write(service.cloud, to: &metrics)
      CloudMetrics(call.view).write(to: &metrics)
      metrics.single(
        "virtcloud_leader", .gauge, "1 where this controller leads.", service.settings.leadership().isHere ? 1 : 0)
      metrics.single("virtcloud_open_streams", .gauge, "Streams of events and terminals.", Double(service.feeds.count))
      ProcessMetrics.write(to: &metrics)
      return .now(
        Response(
          status: 200, headers: [("Content-Type", "text/plain; version=0.0.4; charset=utf-8")],
          body: Array(metrics.text.utf8)))
    },
  ]
}

extension UsageDocument {
  /// Added up by user or project, sorted by name; what is in no project comes first.
  static func sums(of records: [UsageRecord], isByProject: Bool, from: Timestamp? = nil) -> [UsageDocument] {
    let groups = Dictionary(grouping: records) { record in
      isByProject ? record.caller.project?.description : record.caller.user
    }
    return groups.map { name, records in
      func sum(_ amount: (UsageRecord) -> Double) -> Double { records.reduce(0) { $0 + amount($1) } }
      return UsageDocument(
        name: name, from: from, infrastructures: records.count, coreHours: sum(\.coreSeconds) / 3600,
        gibibyteHours: sum(\.memorySeconds) / 3600 / 1_073_741_824, promisedGigabits: sum(\.promisedBits) / 1e9,
        cost: sum(\.cost))
    }.sorted { ($0.name ?? "") < ($1.name ?? "") }
  }
}

extension Range<Timestamp> {
  /// Equal parts, the last perhaps a little longer; fewer where they would be shorter than a second.
  fileprivate func parts(_ count: Int) -> [Range<Timestamp>] {
    let seconds = upperBound.seconds - lowerBound.seconds
    let count = Swift.max(1, Swift.min(Int64(count), seconds))
    let bounds = (0..<count).map { Timestamp(seconds: lowerBound.seconds + seconds / count * $0) } + [upperBound]
    return zip(bounds, bounds.dropFirst()).map { $0..<$1 }
  }
}
