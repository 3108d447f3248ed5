import Infrastructure
import Quantities

/// `lease`: the owner's hold in time.
enum LeaseSection {
  /// Throws `lease-too-short`, `lease-too-long`, `lease-order`, `lease-end`, or what moments and durations throw.
  static func lease(_ fields: Fields) throws(Problem) -> Lease {
    guard let lease = try fields.fields("lease", .lease) else { return Lease() }
    let start = try lease.value("start", Bounds.moment)
    let duration = try lease.value("duration", duration)
    guard let node = lease.node("end") else { return Lease(start: start, duration: duration) }
    let end = try node.value(of: lease.subject(of: "end"), Bounds.moment)
    guard duration == nil else {
      throw node.mark.problem(
        "lease-end", "\(lease.subject) has both an end and a duration.", remedy: "Remove one of the two.")
    }
    // A file is read more than once; its meaning must not hang on when.
    guard let start else {
      throw node.mark.problem(
        "lease-end", "\(lease.subject) has an end but no start.",
        remedy: "Add 'start:', or write a duration to begin at the moment of 'up'.")
    }
    guard end > start else {
      throw node.mark.problem(
        "lease-order", "\(lease.subject): its end (\(end)) is not after its start (\(start)).",
        remedy: "Write a later end.")
    }
    guard end - start <= longest else {
      throw node.mark.problem(
        "lease-too-long", "\(lease.subject) is longer than 100 years.",
        remedy: "Write an earlier end, or none to keep it until 'virtcloud down'.")
    }
    return Lease(start: start, duration: end - start)
  }

  /// What a duration may be at most, so that an end can also be written as one.
  private static let longest: Duration = .seconds(36525 * 86400)

  private static func duration(_ text: String) throws(Problem) -> Duration {
    let duration = try Duration(parsing: text)
    guard duration >= .seconds(1) else {
      throw Problem(
        .invalid, "lease-too-short", "'\(text.excerpt)' is shorter than a second.",
        remedy: "Write a longer duration, such as 4h, or leave it out to keep it until 'virtcloud down'.")
    }
    return duration
  }
}
