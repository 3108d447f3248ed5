import Glibc

/// Where this machine's control groups are mounted, whatever their version (`cgroups(7)`).
public struct CgroupLayout: Hashable, Sendable {
  /// A resource controller that VirtCloud uses.
  public enum Controller: String, CaseIterable, Hashable, Sendable {
    case cpu, memory, pids
    /// Of version 1 (freezer-subsystem.rst); used where version 2, which freezes without a controller, is not there.
    case freezer
  }

  /// One mounted hierarchy.
  public struct Hierarchy: Hashable, Sendable {
    /// Mount point, without a slash at the end.
    public var path: String
    /// Version 2.
    public var isUnified: Bool
    /// Those of our controllers that live here.
    public var controllers: [Controller]
  }

  /// Those that VirtCloud uses. The first is the tracking one, by which processes are found and killed: version 2
  /// where there is one.
  public var hierarchies: [Hierarchy]
  /// The tracking hierarchy is version 2, and so has `cgroup.kill` and `cgroup.events`.
  public var isUnified: Bool { hierarchies.first?.isUnified == true }

  /// Reads `/proc/self/mountinfo` (`proc_pid_mountinfo(5)`); `controllers` is what the text of a version 2 root's
  /// `cgroup.controllers` says.
  public init(mountinfo: String, controllers: (_ mountPoint: String) -> String) {
    var unified: [Hierarchy] = []
    var old: [Hierarchy] = []
    for mount in mountinfo.split(separator: "\n").compactMap(Self.mount(line:)) {
      if mount.type == "cgroup2" {
        let words = controllers(mount.path).split { $0 == " " || $0 == "\n" }
        unified.append(Hierarchy(path: mount.path, isUnified: true, controllers: Self.ours(words)))
      } else {
        let found = Self.ours(mount.options.split(separator: ",")).filter { controller in
          !old.contains { $0.controllers.contains(controller) }
        }
        if !found.isEmpty { old.append(Hierarchy(path: mount.path, isUnified: false, controllers: found)) }
      }
    }
    guard unified.isEmpty else {
      hierarchies = unified.prefix(1) + old.compactMap(\.withoutFreezer)
      return
    }
    // By the first one processes are found; what only freezes must not come before.
    hierarchies = old.filter { $0.withoutFreezer != nil } + old.filter { $0.withoutFreezer == nil }
  }

  /// The layout of the running machine.
  public static func detect() throws(SystemError) -> CgroupLayout {
    let text = try TextFile.read("/proc/self/mountinfo")
    return CgroupLayout(mountinfo: text) { path in
      // A version 2 hierarchy without the file has no controllers to offer.
      (try? TextFile.read(path + "/cgroup.controllers")) ?? ""
    }
  }

  /// Index and path of the hierarchy that has a controller; nil where none has.
  public func index(of controller: Controller) -> Int? {
    hierarchies.firstIndex { $0.controllers.contains(controller) }
  }

  private static func ours(_ words: [Substring]) -> [Controller] {
    Controller.allCases.filter { controller in words.contains { $0 == controller.rawValue } }
  }

  /// Controllers that are missing.
  public var lacking: [Controller] {
    Controller.allCases.filter { ($0 != .freezer || !isUnified) && index(of: $0) == nil }
  }

  /// Only whole mounts (root `/`) count: a bind mount of a part shows another tree.
  private static func mount(line: Substring) -> (path: String, type: Substring, options: Substring)? {
    let fields = line.split(separator: " ")
    guard let dash = fields.firstIndex(of: "-"), fields.count >= dash + 4, dash >= 6 else { return nil }
    let type = fields[dash + 1]
    guard type == "cgroup" || type == "cgroup2" else { return nil }
    return (String(fields[4]), type, fields[dash + 3])
  }
}

extension CgroupLayout.Hierarchy {
  /// The same without the freezer; nil where there is nothing else.
  fileprivate var withoutFreezer: Self? {
    var hierarchy = self
    hierarchy.controllers.removeAll { $0 == .freezer }
    return hierarchy.controllers.isEmpty ? nil : hierarchy
  }
}
