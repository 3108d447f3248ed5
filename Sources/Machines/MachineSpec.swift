import Quantities

/// All that is needed to start one machine.
public struct MachineSpec: Hashable, Sendable {
  /// What the machine's root file system is made from; always copy-on-write.
  public enum RootImage: Hashable, Sendable {
    /// The host's root, its secrets masked.
    case host
    /// A directory that holds a root file system; absolute.
    case directory(String)
    /// A tar archive of one; absolute.
    case archive(String)
  }

  /// `INFRASTRUCTURE/NODE`, seen in the list of processes.
  public var label: String
  /// Folder name of its cgroup, unique in the infrastructure; no slash, no dot at the start.
  public var key: String
  /// At most 64 bytes (`sethostname(2)`).
  public var hostname: String
  public var image: RootImage
  public var cpu: Cores
  /// Upper bound of everything: processes, files written, kernel memory on their behalf.
  public var memory: ByteCount
  /// Forwards IPv4 and IPv6.
  public var isRouter: Bool

  public init(
    label: String, key: String, hostname: String, image: RootImage = .host, cpu: Cores, memory: ByteCount,
    isRouter: Bool = false
  ) {
    self.label = label
    self.key = key
    self.hostname = hostname
    self.image = image
    self.cpu = cpu
    self.memory = memory
    self.isRouter = isRouter
  }
}
