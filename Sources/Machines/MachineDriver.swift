import Glibc
import Linux
import Quantities

/// Starts, finds and ends namespace machines; keeps no state: what runs is what the kernel's cgroups say.
///
/// Every call blocks and needs root. Calls for different infrastructures may run at once.
public struct MachineDriver: Sendable {
  let layout: CgroupLayout
  /// Name of our folder in each hierarchy: the mark by which machines are found.
  let cgroupFolder: String
  /// Holds the infrastructures' hosts files; on a tmpfs.
  let runFolder: String
  /// Holds unpacked archives.
  let cacheFolder: String

  /// The driver for this machine.
  ///
  /// - Parameters:
  ///   - cgroupFolder: name of its folder in each hierarchy; machines in another are not its own.
  ///   - runFolder: holds hosts files; made where it is missing.
  ///   - cacheFolder: holds unpacked archives; made where it is missing.
  public init(
    cgroupFolder: String = "virtcloud", runFolder: String = "/run/virtcloud",
    cacheFolder: String = "/var/cache/virtcloud"
  ) throws {
    try self.init(cgroupFolder, runFolder, cacheFolder, layout: try CgroupLayout.detect())
  }

  init(_ cgroupFolder: String, _ runFolder: String, _ cacheFolder: String, layout: CgroupLayout) throws {
    self.cgroupFolder = cgroupFolder
    self.layout = layout
    guard !layout.hierarchies.isEmpty else {
      throw Problem(
        .failed, "no-cgroups", "This machine has no control groups mounted.",
        remedy: "Mount cgroup2 at /sys/fs/cgroup.")
    }
    self.runFolder = runFolder
    self.cacheFolder = cacheFolder
  }

  /// First user id of an infrastructure's 65,536: beyond all that distributions hand out.
  static func baseID(_ number: UInt32) -> UInt32 { 0x7000_0000 + number * 65536 }

  func folder(_ hierarchy: CgroupLayout.Hierarchy) -> String { hierarchy.path + "/" + cgroupFolder }
  func folder(_ hierarchy: CgroupLayout.Hierarchy, _ number: UInt32) -> String { "\(folder(hierarchy))/\(number)" }
  /// Folder of an infrastructure in the hierarchy by which processes are found.
  func tracking(_ number: UInt32) -> String { folder(layout.hierarchies[0], number) }

  /// Path of an infrastructure's hosts file on the host.
  func hostsFile(_ number: UInt32) -> String { "\(runFolder)/hosts/\(number)" }

  /// Writes the `/etc/hosts` that all machines of an infrastructure share; running machines see it at once.
  public func writeHosts(infrastructure number: UInt32, _ text: String) throws {
    try Folder.make(runFolder)
    try Folder.make(runFolder + "/hosts")
    // In place: a new file would not be the one that the machines have mounted.
    let path = hostsFile(number)
    let file = try Descriptor(opening: path, O_WRONLY | O_CREAT | O_NOFOLLOW, mode: 0o644)
    let whole = "127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n" + text
    try check(write(file.rawValue, whole, whole.utf8.count), "write", path)
    try check(ftruncate(file.rawValue, off_t(whole.utf8.count)), "truncate", path)
  }
}
