/// Something that a kernel has or lacks, and what that means for VirtCloud.
public struct KernelFeature: Hashable, Codable, Sendable {
  /// What people call it, such as `veth` or `cgroup v2`.
  public var name: String
  public var isPresent: Bool
  /// False for what is better off, such as `br_netfilter` on bridges.
  public var isWanted: Bool
  /// The kernel's build option, `CONFIG_…`.
  public var option: String
  /// First kernel version with it.
  public var since: String
  /// What it costs if the kernel is not as wanted: one sentence.
  public var cost: String
  /// What was found beside yes or no, such as the cgroup controllers.
  public var detail: String?

  public init(
    name: String, isPresent: Bool, isWanted: Bool = true, option: String, since: String, cost: String,
    detail: String? = nil
  ) {
    self.name = name
    self.isPresent = isPresent
    self.isWanted = isWanted
    self.option = option
    self.since = since
    self.cost = cost
    self.detail = detail
  }

  /// The kernel is as it should be.
  public var isAsWanted: Bool { isPresent == isWanted }
}
