import Infrastructure
import Planning
import Quantities

extension CloudState {
  /// Lets one that was reserved begin: it gets its VLANs and will be built. Where there are none after all (a
  /// device that has not confirmed a removal yet), its cause says so, and the next settle tries again.
  mutating func begin(_ name: Name) {
    guard var record = records[name] else { return }
    var pool = pool
    var admission = record.admission
    do throws(Problem) {
      try admission.allotVLANs(from: &pool)
      try admission.checkVLANs(on: substrate)
      self.pool = pool
      record.admission = admission
      record.standing.phase = .building
      record.standing.cause = nil
    } catch {
      record.standing.cause = error.message
    }
    records[name] = record
  }

  /// Marks one as ending: durable before the first of its links goes. Its VLANs wait until every device that
  /// carries them has confirmed that it does not any more.
  mutating func end(_ name: Name, because cause: String, _ planner: Planner) {
    guard var record = records[name], record.standing.phase != .ending else { return }
    record.standing.phase = .ending
    record.standing.cause = cause
    records[name] = record
    planner.release(record.admission, on: substrate, in: &pool)
  }
}
