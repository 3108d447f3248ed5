import Controller
import Languages
import Quantities
import Service
import Store
import Synchronization
import WebClient

/// The state that several controllers share, and which of them leads.
final class SharedState: Sendable {
  private let cluster: EtcdCluster
  private let prefix: String
  private let leadership: EtcdLeadership
  private let candidate: Leader
  /// The term of the engine that answers here; nil: none does.
  private let answering = Mutex<Int64?>(nil)

  /// Finds etcd and becomes a candidate. Throws a `Problem` where etcd is not there.
  init(_ etcd: ServiceConfiguration.EtcdStore, candidate: Leader) throws {
    prefix = etcd.prefix
    cluster = try EtcdCluster(
      endpoints: try etcd.endpoints.map { try Endpoint($0) },
      tls: ClientTLS(
        authority: etcd.authority.map(ClientTLS.Authority.file) ?? .system,
        identity: etcd.identity.map { .files(certificate: $0.certificate, key: $0.key) }))
    // What is there must be ours before anybody leads it.
    _ = try EtcdStore(cluster: cluster, prefix: prefix)
    self.candidate = candidate
    // The shortest that etcd gives: a leader that is gone is missed for this long.
    leadership = try EtcdLeadership(
      cluster: cluster, prefix: prefix, candidate: candidate, timeToLive: .seconds(2))
  }

  /// The present term, where this controller leads.
  var term: Int64? { leadership.term }

  /// The store for a term's engine.
  func store() throws -> any Store { try EtcdStore(cluster: cluster, prefix: prefix, leadership: leadership) }

  /// An engine of this term answers from now on; nil: none does.
  func answer(for term: Int64?) { answering.withLock { $0 = term } }

  /// Who leads, for those who ask: here only while the engine that answers is of the present term. An engine of an
  /// earlier one does not know what others have done in between.
  var standing: ServiceSettings.Leadership {
    guard let term = leadership.term, term == answering.withLock({ $0 }) else {
      // What stands there of one's own is of before a restart: nobody is to be sent round in a circle.
      let leader = leadership.isLeader || leadership.leader == candidate ? nil : leadership.leader
      return ServiceSettings.Leadership(isHere: false, leader: leader?.url)
    }
    return ServiceSettings.Leadership(isHere: true, leader: leadership.leader?.url)
  }

  /// Lets another controller lead at once.
  func resign() { leadership.resign() }
}
