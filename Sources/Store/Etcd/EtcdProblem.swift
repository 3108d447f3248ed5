import Quantities
import WebClient

/// What can be wrong with a store in etcd, each with its remedy.
enum EtcdProblem {
  static func unreachable(_ endpoints: [Endpoint], _ reasons: [String]) -> Problem {
    let names = endpoints.map(\.description).joined(separator: ", ")
    return Problem(
      .failed, "etcd-unreachable", "No etcd server answers at \(names): \(reasons.joined(separator: " "))",
      remedy: "Start etcd with a majority of its members, or name the right endpoints and certificates.")
  }

  static func notEtcd(_ endpoint: Endpoint, _ what: String) -> Problem {
    Problem(
      .failed, "etcd-foreign", "'\(endpoint)' does not answer as etcd does: \(what).",
      remedy: "Name the client URL of an etcd server of version 3.4 or newer.")
  }

  static func otherCluster(_ endpoint: Endpoint, found: String, known: String) -> Problem {
    Problem(
      .failed, "etcd-other-cluster", "'\(endpoint)' belongs to etcd cluster \(found), not to cluster \(known).",
      remedy: "Name only members of one cluster; if etcd was set up anew, restore a backup and start again.")
  }

  static func setBack(_ prefix: String) -> Problem {
    Problem(
      .failed, "etcd-set-back", "etcd was set up anew or set back: the store below '\(prefix)' is not the one before.",
      remedy: "Restore a backup where that is needed, and start the controllers again.")
  }

  static func refused(_ message: String) -> Problem {
    if message.contains("space exceeded") {
      return Problem(
        .failed, "etcd-full", "etcd's database is full: nothing was changed.",
        remedy: "Compact and defragment etcd, disarm its alarm, or raise its quota.")
    }
    return Problem(
      .failed, "etcd-refused", "etcd refused a request: \(message).", remedy: "Look at etcd's log and its settings.")
  }

  static func lostLeadership(_ leader: Leader?) -> Problem {
    let now = leader.map { "'\($0.name)' leads now" } ?? "nobody is known to lead"
    return Problem(
      .failed, "lost-leadership", "This controller does not lead: \(now), nothing was changed.",
      remedy: "Ask the controller that leads.")
  }

  static func unknownOutcome() -> Problem {
    Problem(
      .failed, "commit-unknown", "etcd did not say whether the last change was saved: it may be or become so.",
      remedy: "Look at the state when etcd answers again, then decide anew.")
  }

  static func led(by leader: String) -> Problem {
    Problem(
      .failed, "state-led", "Controller '\(leader)' leads this store, nothing was changed.",
      remedy: "Stop the controllers first.")
  }

  static func tooLarge(_ name: String, _ size: Int, _ limit: Int) -> Problem {
    Problem(
      .invalid, "document-too-large", "The document '\(name)' has \(size) bytes, but etcd takes \(limit) at most.",
      remedy: "Split it into smaller ones.")
  }

  static func foreign(_ prefix: String) -> Problem {
    Problem(
      .failed, "state-foreign", "The keys below '\(prefix)' in etcd belong to another program.",
      remedy: "Name another prefix.")
  }

  static func tooNew(_ found: Int64, _ known: Int64, _ prefix: String) -> Problem {
    Problem(
      .failed, "state-too-new",
      "The state below '\(prefix)' in etcd has version \(found), but this program knows versions up to \(known).",
      remedy: "Use the newer VirtCloud that wrote it.")
  }

  static func damaged(_ key: String) -> Problem {
    Problem(
      .failed, "state-damaged", "The value of '\(key)' in etcd makes no sense.",
      remedy: "Restore a backup: virtcloud store restore.")
  }

  static func busy() -> Problem {
    Problem(
      .failed, "state-busy", "Others keep changing the store in etcd.", remedy: "Wait a moment and try again.")
  }
}
