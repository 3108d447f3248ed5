import Infrastructure
import Planning

/// What must be done in a router so that it runs what its user chose: a pure function of what is wanted, what was
/// done, and what is there.
struct RouterDifference: Hashable {
  /// Nil leaves the ruleset as it is, an empty one takes it away.
  var ruleset: String?
  /// Interfaces, in order, whose queueing disciplines are set.
  var qdiscs: [String] = []
  /// Interfaces, in order, that lose theirs.
  var removedQdiscs: [String] = []
  /// The configuration is new, or a program that reads it has died.
  var configures = false
  /// Programs to start, in their order.
  var starts: [String] = []
  /// Programs of an earlier choice, and those that have to start anew.
  var ends: Set<String> = []

  var isEmpty: Bool { self == RouterDifference() }

  /// - Parameters:
  ///   - programs: names of all that runs in the router.
  ///   - kinds: of the queueing disciplines at the roots of its interfaces; of all of them, for what is asked for one
  ///     that is gone, such as the end of a wire that was disconnected, waits until it is back.
  init(_ wanted: RouterSoftware?, _ record: RouterRecord, programs: Set<String>, kinds: [String: String]) {
    var wanted = wanted ?? RouterSoftware()
    wanted.qdiscs = wanted.qdiscs.filter { kinds[$0.key] != nil }
    let marks = wanted.marks
    if marks["nftables"] != record.marks["nftables"] { ruleset = wanted.nftables ?? "" }
    for (interface, words) in wanted.qdiscs.sorted(by: { $0.key < $1.key }) {
      let key = "qdisc:" + interface
      // One that vanished with its link is not there, whatever was noted.
      if marks[key] != record.marks[key] || kinds[interface] != words.first { qdiscs.append(interface) }
    }
    removedQdiscs = record.marks.keys.filter { $0.hasPrefix("qdisc:") && marks[$0] == nil }.sorted().map {
      String($0.dropFirst("qdisc:".count))
    }
    starts = wanted.programs.filter { !programs.contains($0) }
    ends = record.programs.subtracting(wanted.programs)
    // The others hand their routes to the first one only once: without it they all begin anew.
    if let first = wanted.programs.first, starts.contains(first) {
      ends.formUnion(programs.intersection(wanted.programs))
      starts = wanted.programs
    }
    configures = !wanted.programs.isEmpty && (marks["routing"] != record.marks["routing"] || !starts.isEmpty)
  }

  init() {}
}
