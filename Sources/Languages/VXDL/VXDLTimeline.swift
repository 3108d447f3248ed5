import Quantities

/// The events of a description.
struct VXDLTimeline {
  private var delays: [String: Duration] = [:]
  /// By moment, the first event of it.
  private(set) var ids: [Duration: String] = [:]

  /// Throws `out-of-bounds` above 100 years.
  init(_ events: [VXDLEvent]) throws(Problem) {
    for event in events {
      guard event.delay.value <= 36525 * 86400 else {
        throw Problem(
          .invalid, "out-of-bounds", "Event '\(event.id.excerpt)' comes after more than 100 years.",
          remedy: "Write its delay in seconds.")
      }
      let delay = Duration.milliseconds(Int64((event.delay.value * 1000).rounded()))
      delays[event.id] = delay
      if ids[delay] == nil { ids[delay] = event.id }
    }
  }

  /// Throws `no-such-event`.
  func delay(of id: String) throws(Problem) -> Duration {
    if let delay = delays[id] { return delay }
    throw Problem(
      .invalid, "no-such-event", "There is no event '\(id.excerpt)'.",
      remedy: Remedy.nearestID(id, among: delays.keys))
  }
}
