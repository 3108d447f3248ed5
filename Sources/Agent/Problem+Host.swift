import Glibc
import Linux
import Quantities

extension Problem {
  /// What went wrong on a host, for a person: a feature that the kernel lacks is named with its build option,
  /// everything else by operation, object and the kernel's own words.
  init(host error: any Error) {
    if let problem = error as? Problem {
      self = problem
      return
    }
    let causes = (error as? NetlinkFailure)?.errors ?? (error as? SystemError).map { [$0] } ?? []
    // Only the first failure of a batch counts: the later ones may follow from it.
    if let lacking = causes.first.flatMap(KernelLack.init) {
      self.init(
        .failed, "kernel-feature-missing", "This kernel has no \(lacking.name) (\(lacking.option)).",
        remedy: "Use a kernel built with \(lacking.option); 'virtcloud doctor' lists all that is needed.")
      return
    }
    self.init(
      .failed, "host-error", "This machine refused: \(error).",
      remedy: "Run the command again; 'virtcloud doctor' says what this machine lacks.")
  }
}

/// A feature whose lack shows in how an operation fails.
private struct KernelLack {
  var name: String
  var option: String

  /// An unknown kind of link is EOPNOTSUPP, of queueing discipline or classifier ENOENT, of file system ENODEV,
  /// and a system call or namespace that is not built in EINVAL or ENOSYS.
  init?(_ error: SystemError) {
    guard [EOPNOTSUPP, ENOENT, ENODEV, ENOSYS].contains(error.errno),
      let found = Self.table.first(where: { error.operation.hasPrefix($0.operation) })
    else { return nil }
    name = found.name
    option = found.option
  }

  private static let table: [(operation: String, name: String, option: String)] = [
    ("create veth", "veth pairs", "CONFIG_VETH"),
    ("create bridge", "bridges", "CONFIG_BRIDGE"),
    ("add clsact", "clsact hooks", "CONFIG_NET_SCH_INGRESS"),
    ("attach program", "BPF classifiers", "CONFIG_NET_CLS_BPF"),
    ("shape", "hierarchical token buckets", "CONFIG_NET_SCH_HTB"),
    ("load BPF programs", "BPF system call", "CONFIG_BPF_SYSCALL"),
    ("mount root", "overlay file system", "CONFIG_OVERLAY_FS"),
  ]
}
