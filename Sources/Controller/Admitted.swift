import Embedding
import Infrastructure
import Planning
import Quantities
import Reservations

/// What was decided of a request, without what people are told of it.
struct Admitted {
  var admission: Admission
  var interval: Range<Timestamp>
  var change: Proposal.Change
  /// Whose held offers for it do not count; nil is everybody's.
  var user: String?

  /// With everything that people are told: who goes where, and what is left beside it.
  func complete(_ state: CloudState, at now: Timestamp) throws -> Proposal {
    let name = admission.infrastructure.name
    let calendar = state.calendar(at: now, without: name, of: user)
    let ahead = max(interval.lowerBound, now)..<max(interval.upperBound, now)
    let view = state.ledger.base.over(ahead, in: calendar)
    let begin = max(interval.lowerBound, now)
    let others = state.sorted.filter {
      $0.name != name && $0.standing.phase != .ending && $0.interval.contains(begin)
    }.map { $0.admission(at: begin) }
    return Proposal(
      admission: admission, rows: try NodeRow.rows(of: admission, on: state.substrate), interval: interval,
      change: change, view: view, networks: NetworkRow.rows(of: admission, beside: others, on: view))
  }
}

extension CloudState {
  /// Hosts that take no new nodes.
  var closedHosts: [Name] { hosts.filter { $0.value.state != .ready }.map(\.key) }

  /// True where the embedding has room beside everything that is promised, and uses no host that is closed.
  func canHold(
    _ embedding: Embedding, of request: VirtualInfrastructure, over interval: Range<Timestamp>, in calendar: Calendar
  ) -> Bool {
    let closed = Set(closedHosts)
    guard closed.isEmpty || !embedding.placement.values.contains(where: closed.contains) else { return false }
    let bookings = embedding.bookings(of: request, over: interval, on: ledger.base.directory)
    return bookings.allSatisfy { calendar.shortage($0.resource, amount: $0.amount, over: $0.interval) == nil }
  }
}

extension SubstrateView {
  /// The same with nothing left on these hosts, but for those that an embedding keeps there.
  func closing(_ hosts: [Name], but kept: Embedding?) -> SubstrateView {
    guard !hosts.isEmpty else { return self }
    let stays = Set(kept?.placement.values.map { $0 } ?? [])
    var used = used
    for index in hosts.filter({ !stays.contains($0) }).compactMap(hostIndex) {
      for resource in [Resource.cpu(host: index), .memory(host: index)] {
        used[directory.numbers[resource]] = capacity[directory.numbers[resource]]
      }
    }
    return holding(used)
  }
}
