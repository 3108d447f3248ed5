import Foundation
import Glibc
import Linux
import Machines

extension TestInstallation {
  /// Everything in the kernel that bears this installation's marks; the end of a process may take a moment,
  /// so it is waited for.
  func leftovers() throws -> [String] {
    try Wait.until(seconds: 5) { try traces().isEmpty }
    return try traces()
  }

  private func traces() throws -> [String] {
    let namespaces = try NetworkNamespace.names(prefix: realm.namespacePrefix).map { "namespace \($0)" }
    let groups = cgroups().map { "control group \($0)" }
    let mounts = try TemporaryFolder.read("/proc/self/mountinfo").split(separator: "\n")
      .filter { $0.contains(runFolder) || $0.contains(state) }.map { "mount \($0)" }
    let processes = try processes().map { "process \($0)" }
    let sockets = access(socketPath, F_OK) == 0 ? ["socket \(socketPath)"] : []
    return sockets + namespaces + groups + mounts + processes
  }

  /// Folders of control groups of this installation, in whatever hierarchy.
  func cgroups() -> [String] {
    let root = "/sys/fs/cgroup"
    let roots = [root] + TemporaryFolder.names(root).map { "\(root)/\($0)" }
    return roots.map { "\($0)/\(realm.cgroupFolder)" }.filter { access($0, F_OK) == 0 }
  }

  /// Memory limits of this installation's machines, whichever version of control groups has them.
  func memoryLimits() -> [Int] {
    let roots = ["/sys/fs/cgroup/memory", "/sys/fs/cgroup", "/sys/fs/cgroup/unified"].map {
      $0 + "/" + realm.cgroupFolder
    }
    let files = roots.flatMap { root in
      (FileManager.default.subpaths(atPath: root) ?? []).filter { $0.split(separator: "/").count == 3 }.map {
        root + "/" + $0
      }
    }
    return files.filter { $0.hasSuffix("/memory.limit_in_bytes") || $0.hasSuffix("/memory.max") }
      .filter { !$0.contains("/launcher/") }
      .compactMap {
        (try? String(contentsOfFile: $0, encoding: .utf8)).flatMap {
          Int($0.trimmingCharacters(in: .whitespacesAndNewlines))
        }
      }
  }

  /// Processes that work for this installation: the program's own, by their environment or arguments.
  func processes() throws -> [pid_t] {
    TemporaryFolder.names("/proc").compactMap { pid_t($0) }.filter { pid in
      let arguments = (try? TemporaryFolder.read("/proc/\(pid)/cmdline")) ?? ""
      return arguments.contains(state)
    }
  }

  /// Process ids of the running machines' inits, by machine, of one infrastructure.
  func machines() throws -> [UInt32: [String: Int32]] {
    try MachineDriver(cgroupFolder: realm.cgroupFolder, runFolder: runFolder).running()
  }

  /// Process ids of the inits of one infrastructure's nodes, by node: an init calls itself by both names.
  func processesByNode(_ infrastructure: String) throws -> [String: Int32] {
    let prefix = "virtcloud: \(infrastructure)/"
    let pairs = try machines().values.flatMap(\.values).compactMap { pid -> (String, Int32)? in
      let title = try TemporaryFolder.read("/proc/\(pid)/cmdline").prefix { $0 != "\0" }
      return title.hasPrefix(prefix) ? (String(title.dropFirst(prefix.count)), pid) : nil
    }
    return Dictionary(uniqueKeysWithValues: pairs)
  }

  /// Takes away what a reboot loses: processes, control groups, namespaces, the run directory.
  func loseKernelState() throws {
    try killService()
    let driver = try MachineDriver(cgroupFolder: realm.cgroupFolder, runFolder: runFolder)
    for number in try driver.infrastructures() { try driver.kill(infrastructure: number) }
    for group in cgroups() {
      for name in TemporaryFolder.names(group) { rmdir("\(group)/\(name)") }
      rmdir(group)
    }
    for name in try NetworkNamespace.names(prefix: realm.namespacePrefix) {
      _ = try NetworkNamespace.delete(named: name)
    }
    TemporaryFolder.remove(runFolder)
  }

  /// Indexes of all links, by namespace and name.
  func linkIndexes() throws -> [String: UInt32] {
    var indexes: [String: UInt32] = [:]
    for name in try NetworkNamespace.names(prefix: realm.namespacePrefix) {
      for link in try NetworkNamespace.open(named: name).netlink().links() {
        indexes["\(name)/\(link.name)"] = link.index
      }
    }
    return indexes
  }

  /// The namespaces of this installation, by the device that each is.
  func devices() throws -> [String: String] {
    var found: [String: String] = [:]
    for name in try NetworkNamespace.names(prefix: realm.namespacePrefix) {
      let links = try NetworkNamespace.open(named: name).netlink().links()
      guard let mark = links.first(where: { $0.name == "lo" })?.alias else { continue }
      found[String(mark.dropFirst(realm.deviceMarkPrefix.count).prefix { $0 != "," })] = name
    }
    return found
  }
}

/// Waiting for conditions.
enum Wait {
  private static let patience = 6.0

  /// Asks every 20 ms until `condition` holds; false where it does not within `seconds` on a machine of one's own: where
  /// others work, too, everything takes longer, and so does this.
  @discardableResult
  static func until(seconds: Double, _ condition: () throws -> Bool) throws -> Bool {
    for _ in 0..<Int(seconds * 50 * patience) {
      if try condition() { return true }
      usleep(20_000)
    }
    return try condition()
  }
}
