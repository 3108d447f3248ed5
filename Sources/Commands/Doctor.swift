import CommandLine
import Controller
import Glibc
import Linux
import Quantities

/// `virtcloud doctor`.
struct Doctor: Command {
  static let about = About(
    "doctor", "Say what this machine can do, what is missing, and what that costs.",
    discussion: """
      Tries each feature of the kernel in a namespace of its own, which is gone afterwards. Ends with status 1 \
      where something is missing that VirtCloud cannot do without.
      """)

  var installation = InstallationOptions()
  var output = OutputOptions()

  func run(_ context: Context) async throws {
    let place = try installation.installation()
    var table = Table([
      Column("feature"), Column("state"), Column("option"), Column("since", isWide: true), Column("remark"),
    ])
    let checks = try checks(place)
    for check in checks { table.append(check.cells) }
    try context.write(table, output)
    if checks.contains(where: { $0.state == .missing }) { throw ExitStatus.failed }
  }

  /// What was looked at, in the order in which it is shown.
  private func checks(_ place: Installation) throws -> [Check] {
    guard geteuid() == 0 else {
      return [
        Check(
          feature: "root", state: .missing, option: "", since: "",
          remark: "only root can look at the kernel, and build anything; try sudo")
      ]
    }
    let features = try KernelFeatures.probe().map { feature in
      Check(
        feature: feature.name, state: Self.state(of: feature), option: feature.option, since: feature.since,
        remark: feature.isAsWanted ? feature.detail ?? "" : feature.cost)
    }
    return [Check(feature: "root", state: .ok, option: "", since: "", remark: "")] + features + [try disk(place)]
  }

  private static func state(of feature: KernelFeature) -> Check.State {
    if feature.isAsWanted { return .ok }
    return feature.isPresent || !needed.contains(feature.name) ? .warning : .missing
  }

  /// What this version cannot do without, by the names that the probes give.
  private static let needed: Set<String> = [
    "network namespaces", "user namespaces", "veth", "bridge", "clsact", "cls_bpf", "htb", "overlayfs",
  ]

  /// Room for the state; it is small, but must be written before anything is built.
  private func disk(_ place: Installation) throws -> Check {
    var facts = statvfs()
    let folder = place.isEmpty ? "/var" : place.stateDirectory
    try check(statvfs(folder, &facts), "look at", folder)
    let mebibytes = UInt64(facts.f_bavail) * UInt64(facts.f_frsize) / (1 << 20)
    let free = ByteCount(bytes: mebibytes << 20)
    let isTight = free.bytes < 64 << 20
    return Check(
      feature: "room for state", state: isTight ? .warning : .ok, option: "", since: "",
      remark: "\(free) free in \(folder)")
  }
}

extension Doctor {
  /// One line of the table.
  struct Check {
    enum State: String {
      case ok, warning, missing
    }

    var feature: String
    var state: State
    var option: String
    var since: String
    var remark: String

    var cells: [Cell] {
      [.string(feature), .string(state.rawValue), .string(option), .string(since), .string(remark)]
    }
  }
}
