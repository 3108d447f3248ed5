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
    let checks = try checks(place)
    try context.write(Self.table(checks), output)
    if checks.contains(where: { $0.state == .missing }) { throw ExitStatus.failed }
  }

  /// The checks as they are shown.
  static func table(_ checks: [Check]) -> Table {
    var table = Table([
      Column("feature"), Column("state"), Column("option"), Column("since", isWide: true), Column("remark"),
    ])
    for check in checks { table.append(check.cells) }
    return table
  }

  /// What was looked at, in the order in which it is shown; without root the kernel's features cannot be tried.
  private func checks(_ place: Installation) throws -> [Check] {
    let around = [try Self.controlGroups(CgroupLayout.detect()), Self.ping, try disk(place)]
    guard geteuid() == 0 else {
      let root = Check("root", .missing, "only root can build anything, and look at the kernel's features; try sudo")
      return [root] + around
    }
    let features = try KernelFeatures.probe().map { feature in
      Check(
        feature.name, Self.state(of: feature), feature.isAsWanted ? feature.detail ?? "" : feature.cost,
        option: feature.option, since: feature.since)
    }
    return [Check("root", .ok)] + features + around
  }

  private static func state(of feature: KernelFeature) -> Check.State {
    if feature.isAsWanted { return .ok }
    return feature.isPresent || !needed.contains(feature.name) ? .warning : .missing
  }

  /// What this version cannot do without, by the names that the probes give.
  private static let needed: Set<String> = [
    "network namespaces", "user namespaces", "veth", "bridge", "clsact", "cls_bpf", "htb", "overlayfs",
  ]
}

extension Doctor {
  /// One line of the table.
  struct Check: Hashable {
    enum State: String {
      case ok, warning, missing
    }

    var feature: String
    var state: State
    /// What is there, or what its lack costs.
    var remark: String
    /// The kernel's build option, and the version that has it first; empty where it is none of the kernel's.
    var option: String
    var since: String

    init(_ feature: String, _ state: State, _ remark: String = "", option: String = "", since: String = "") {
      self.feature = feature
      self.state = state
      self.remark = remark
      self.option = option
      self.since = since
    }

    var cells: [Cell] {
      [.string(feature), .string(state.rawValue), .string(option), .string(since), .string(remark)]
    }
  }
}
