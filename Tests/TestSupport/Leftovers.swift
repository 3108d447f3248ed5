import Glibc
import Linux

/// What a test may leave behind by mistake, counted before and after it.
public struct Leftovers: Equatable, Sendable {
  /// Open descriptors of this process; others of its threads count too, so run such a test serialized.
  public var descriptors: [String]
  /// Named namespaces.
  public var namespaces: [String]
  /// Interfaces of the process's own namespace.
  public var links: [String]

  /// Counts now. `prefix` narrows the names of namespaces and links to the test's own.
  public static func now(prefix: String = "") throws -> Leftovers {
    let links = try NetworkNamespace.current().netlink().links()
    return Leftovers(
      descriptors: try openDescriptors(),
      namespaces: try NetworkNamespace.names(prefix: prefix),
      links: links.map(\.name).filter { $0.hasPrefix(prefix) }.sorted())
  }

  /// Waits until no more descriptors are open than `before`: tests beside this one open and close some of their own.
  public static func closeAgain(to before: Int, where isCounted: (String) -> Bool = { _ in true }) throws -> Bool {
    for _ in 0..<600 {
      if try openDescriptors().filter(isCounted).count <= before { return true }
      usleep(100_000)
    }
    return false
  }

  /// What each open descriptor stands for, sorted; the one that reads the folder is left out.
  public static func openDescriptors() throws -> [String] {
    guard let directory = opendir("/proc/self/fd") else {
      throw SystemError(operation: "list", object: "/proc/self/fd", errno: errno)
    }
    defer { closedir(directory) }
    var targets: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      guard let number = Int32(name), number != dirfd(directory) else { continue }
      targets.append(target(of: "/proc/self/fd/\(name)"))
    }
    return targets.sorted()
  }

  /// Where a symbolic link points (`readlink(2)`).
  private static func target(of path: String) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 4096) { buffer in
      guard let base = buffer.baseAddress else { return path }
      let count = readlink(path, base, buffer.count)
      return String(decoding: UnsafeRawBufferPointer(start: base, count: max(0, count)), as: UTF8.self)
    }
  }
}
