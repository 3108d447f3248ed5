import Controller
import Glibc
import Linux
import Quantities

/// What is no feature of the kernel, and can be looked at without root.
extension Doctor {
  /// Where machines are found and limited: the tracking hierarchy, and one for each controller.
  static func controlGroups(_ layout: CgroupLayout) -> Check {
    guard !layout.hierarchies.isEmpty else {
      return Check(
        "control groups", .missing, "No hierarchy is mounted: machines could not be found again.",
        option: "CONFIG_CGROUPS", since: "2.6.24")
    }
    let lacking = layout.lacking.map(\.rawValue)
    guard lacking.isEmpty else {
      return Check(
        "control groups", .warning, "No controller for \(lacking.joined(separator: ", ")): no such limits.",
        option: "CONFIG_CGROUPS", since: "2.6.24")
    }
    let paths = layout.hierarchies.map { "\($0.path) (v\($0.isUnified ? 2 : 1))" }
    return Check(
      "control groups", .ok, paths.joined(separator: ", "), option: "CONFIG_CGROUPS", since: "2.6.24")
  }

  /// Machines with the image `host` have what this machine has.
  static var ping: Check {
    let isThere = access("/usr/bin/ping", X_OK) == 0 || access("/bin/ping", X_OK) == 0
    return Check(
      "ping", isThere ? .ok : .warning,
      isThere ? "" : "Machines with the image 'host' cannot try their connections; install iputils-ping.")
  }

  /// Room for the state; it is small, but must be written before anything is built.
  func disk(_ place: Installation) throws -> Check {
    var facts = statvfs()
    let folder = place.isEmpty ? "/var" : place.stateDirectory
    try check(statvfs(folder, &facts), "look at", folder)
    let mebibytes = UInt64(facts.f_bavail) * UInt64(facts.f_frsize) / (1 << 20)
    let isTight = mebibytes < 64
    return Check(
      "room for state", isTight ? .warning : .ok, "\(ByteCount(bytes: mebibytes << 20)) free in \(folder)")
  }
}
