import Embedding
import FoundationEssentials
import Infrastructure
import Quantities

extension Writer.Turn {
  /// Says what happened to an infrastructure; tags of the event are its own.
  mutating func tell(_ record: InfrastructureRecord, _ what: String, cause: String? = nil) {
    events.append(
      CloudEvent(
        id: 0, time: time, kind: "infrastructure", object: record.name.description, what: what,
        project: record.standing.caller.project, owner: record.standing.caller.user, cause: cause))
  }

  /// Says what happened to anything else.
  mutating func tell(_ kind: String, _ object: String, _ what: String, by caller: Caller? = nil, cause: String? = nil) {
    events.append(
      CloudEvent(
        id: 0, time: time, kind: kind, object: object, what: what, project: caller?.project, owner: caller?.user,
        cause: cause))
  }

  /// Keeps what an infrastructure took until now.
  mutating func write(usageOf record: InfrastructureRecord, until end: Timestamp, on state: CloudState) {
    guard record.interval.lowerBound < end else { return }
    let usage = UsageRecord(record, until: min(end, record.interval.upperBound), on: state.ledger.base)
    let key = "\(record.standing.created)-\(record.name)-\(usage.end.seconds)"
    do { documents.append(KeptDocument("usage", key, try Self.json(usage))) } catch {
      // A number that JSON cannot hold; the infrastructure ends all the same.
      tell(record, "usage-lost", cause: "\(error)")
    }
  }

  static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
