import Glibc
import Planning
import Quantities
import Store

/// Where one installation keeps what must survive, and what a reboot may lose.
public struct Installation: Sendable {
  /// Absolute; holds `state.db`, mode 0700.
  public let stateDirectory: String
  /// Absolute; holds locks and the machines' hosts files.
  public let runDirectory: String
  public let realm: Realm

  /// The installation in `stateDirectory`; nil is the system's, `/var/lib/virtcloud` and `/run/virtcloud`.
  public init(stateDirectory: String? = nil) throws(Problem) {
    let directory = stateDirectory ?? Realm.systemStateDirectory
    guard directory.hasPrefix("/") else {
      throw Problem(
        .invalid, "state-not-absolute", "The state directory '\(directory)' is not an absolute path.",
        remedy: "Give a path that begins with '/'.")
    }
    self.stateDirectory = directory
    realm = Realm(stateDirectory: directory)
    runDirectory = realm.tag.isEmpty ? "/run/virtcloud" : "/run/virtcloud-\(realm.tag)"
  }

  /// Path of the lock that whoever changes something holds.
  public var lockPath: String { runDirectory + "/lock" }

  /// True where nothing was ever kept here.
  public var isEmpty: Bool { access(stateDirectory + "/state.db", F_OK) != 0 && errno == ENOENT }

  /// Opens the store, making it where it is missing.
  public func openStore() throws -> any Store { try SQLiteStore(path: stateDirectory + "/state.db") }

  /// Makes the directory for what a reboot may lose; done where it is there.
  public func makeRunDirectory() throws {
    guard mkdir(runDirectory, 0o755) != 0, errno != EEXIST else { return }
    throw Problem(
      .failed, "run-directory", "Cannot make the directory \(runDirectory): \(String(cString: strerror(errno))).",
      remedy: "Make sure that /run can be written to.")
  }

  /// Throws unless the caller is root.
  public static func requireRoot(for purpose: String) throws(Problem) {
    guard geteuid() != 0 else { return }
    throw Problem(
      .notPermitted, "not-root", "Only root can \(purpose): it changes this machine's kernel.",
      remedy: "Run it again with sudo.")
  }
}
