import Glibc

extension NetworkNamespace {
  /// Sets a kernel parameter inside the namespace, such as `net/ipv4/ip_forward` to `1` (`proc_sys(5)`).
  ///
  /// Throws with `isNotFound` where this kernel has no such parameter.
  public func writeSysctl(_ path: String, _ value: String) throws {
    try perform { try Self.writeSysctlHere(path, value) }
  }

  /// Sets several parameters with one entry into the namespace; those in `optional` only where the kernel
  /// has them, such as `net/bridge/bridge-nf-call-iptables`.
  public func writeSysctls(
    _ settings: [(path: String, value: String)], optional: [(path: String, value: String)] = []
  ) throws {
    try perform {
      for (path, value) in settings { try Self.writeSysctlHere(path, value) }
      for (path, value) in optional {
        do {
          try Self.writeSysctlHere(path, value)
        } catch let error as SystemError where error.isNotFound {
          continue
        }
      }
    }
  }

  /// A kernel parameter's value inside the namespace, without its last line break.
  public func readSysctl(_ path: String) throws -> String {
    try perform {
      let file = try Descriptor(opening: "/proc/sys/" + path, O_RDONLY)
      var buffer = [UInt8](repeating: 0, count: 4096)
      let count = try check(read(file.rawValue, &buffer, buffer.count), "read parameter", path)
      let text = buffer.prefix(count)
      return String(decoding: text.last == UInt8(ascii: "\n") ? text.dropLast() : text, as: UTF8.self)
    }
  }

  /// A rtnetlink socket bound to this namespace for good; usable from any thread.
  public func netlink() throws -> NetlinkSocket {
    try perform { try NetlinkSocket() }
  }

  private static func writeSysctlHere(_ path: String, _ value: String) throws(SystemError) {
    let file = try Descriptor(opening: "/proc/sys/" + path, O_WRONLY)
    let bytes = Array(value.utf8)
    try check(write(file.rawValue, bytes, bytes.count), "set parameter", path)
  }
}
