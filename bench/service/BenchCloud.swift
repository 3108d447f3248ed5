import Controller
import Quantities
import Store
import WebClient

/// The engine as the measurements use it.
enum BenchCloud {
  /// Hosts have agents of their own; this machine works nothing.
  static func open(_ folder: String, etcd: String?) throws -> Cloud {
    var settings = Cloud.Settings()
    settings.hasLocalAgent = false
    settings.expectsAgents = true
    return try Cloud(
      Installation(stateDirectory: folder), store: try etcd.map { try store(etcd: $0) }, settings: settings)
  }

  /// A store that one controller leads, as on a site.
  static func store(etcd url: String) throws -> EtcdStore {
    let cluster = try EtcdCluster(endpoints: [Endpoint(url)])
    let leadership = try EtcdLeadership(
      cluster: cluster, candidate: Leader(name: "bench", url: "https://127.0.0.1"))
    guard leadership.waitUntilLeader(.seconds(10)) else {
      throw Problem(.failed, "not-leader", "Somebody else leads.", remedy: "Take an etcd of its own.")
    }
    return try EtcdStore(cluster: cluster, leadership: leadership)
  }
}
