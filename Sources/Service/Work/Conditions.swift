import Controller
import Quantities

extension Call {
  /// What `If-Match` and `If-None-Match` want of an infrastructure: the revision that it must have (0: none), or nil.
  ///
  /// Throws `revision-changed` where that is known to be so no more; the engine looks again when it decides.
  func wantedRevision() throws(Problem) -> Int64? {
    let record = Name(captured).flatMap { view.record($0) }
    let tag = record.map { "\"\($0.standing.revision)\"" }
    if let known = request.header("If-None-Match") {
      let tags = EntityTags(known)
      if let tag, tags.includeWeakly(tag) { throw changed(record) }
      if tags.isAny { return 0 }
    }
    guard let wanted = request.header("If-Match") else { return nil }
    guard let tag, EntityTags(wanted).includeStrongly(tag) else { throw changed(record) }
    return record?.standing.revision
  }

  private func changed(_ record: InfrastructureRecord?) -> Problem {
    let found = record.map { "has revision \($0.standing.revision)" } ?? "is not there"
    return Problem(
      .refused, "revision-changed", "Infrastructure \(captured.excerpt) \(found).",
      remedy: "Read it again and decide anew.")
  }

  /// Seconds that the query would wait for something new.
  var wait: Double { min(service.settings.longestWait, Double(number("wait") ?? 0)) }

  /// What the client calls its request.
  var key: String? { request.header("Idempotency-Key") }

  /// Seconds that the client would wait for an operation's end (RFC 7240, section 4.3).
  var preferredWait: Double? {
    guard let preference = request.header("Prefer") else { return nil }
    for part in preference.split(whereSeparator: { $0 == "," || $0 == ";" }) {
      let pair = part.filter { $0 != " " && $0 != "\t" && $0 != "\"" }.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, pair[0].lowercased() == "wait", let seconds = UInt32(pair[1]) else { continue }
      return min(service.settings.longestWait, Double(seconds))
    }
    return nil
  }
}
