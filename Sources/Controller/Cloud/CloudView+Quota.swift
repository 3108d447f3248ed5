import Identity
import Infrastructure
import Planning

extension CloudView {
  /// What each of these holders has reserved, as it counts against their quotas; counter-offers held are not in it.
  /// Linear in the number of infrastructures.
  public func usage(of holders: Set<Limit.Holder>) -> [Limit.Holder: Usage] {
    var sums = Dictionary(uniqueKeysWithValues: holders.map { ($0, Usage()) })
    for record in state.records.values where record.standing.phase != .ending {
      let caller = record.standing.caller
      let held = [.user(caller.user), caller.project.map { Limit.Holder.project($0) }].compactMap { $0 }
        .filter { sums[$0] != nil }
      guard !held.isEmpty else { continue }
      let usage = Usage(record)
      for holder in held { sums[holder, default: Usage()] += usage }
    }
    return sums
  }
}
