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
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = buffer.withUnsafeMutableBytes { bytes in
        readlink("/proc/self/fd/\(name)", bytes.bindMemory(to: CChar.self).baseAddress, bytes.count)
      }
      targets.append(String(decoding: buffer.prefix(max(0, count)), as: UTF8.self))
    }
    return targets.sorted()
  }
}
