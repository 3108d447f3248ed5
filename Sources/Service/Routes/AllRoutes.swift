/// The table of all routes: the only one.
enum AllRoutes {
  static let table: [Route] =
    service + console + infrastructures + infrastructureWork + planning + operations + events + substrate + hosts
    + calendar + accounts + agents + errands + terminals + operators
}

/// Parameters that several routes have.
extension RouteParameter {
  static let limit = query("limit", .integer(1...1000), "The most items of a page; 100 where it is left out.")
  static let after = query("after", .text, "What the page before said as `next`.")
  static let ifMatch = header("If-Match", .header, "Only if its entity tag is one of these; `*`: only if it is there.")
  static let ifNoneMatch = header("If-None-Match", .header, "Only if its entity tag is none of these.")
  static let onlyNew = header("If-None-Match", .header, "`*`: only if it is not there yet.")
  static let key = header(
    "Idempotency-Key", .key, "What the client calls this request: sent again under the same key, it is done once.")
  static let prefer = header("Prefer", .header, "`wait=SECONDS`: answer when it has ended, or after that time.")
  static let dryRun = query("dryRun", .flag, "Say what would be done, and do nothing.")
  static let project = query("project", .name, "The project that it is for.")
  static let start = query("start", .moment, "When the lease starts, instead of what the file says.")
  static let duration = query("duration", .duration, "How long the lease lasts, instead of what the file says.")
  static let wait = query("wait", .integer(0...60), "Seconds to wait for something new.")
}
