import CNetlink
import Glibc

/// Named namespaces, kept as `ip-netns(8)` keeps them: bind mounts in `/run/netns`.
extension NetworkNamespace {
  /// Where named namespaces are.
  public static let folder = "/run/netns"

  /// Makes a new namespace under a name; its loopback is down.
  ///
  /// `prepare` runs before the namespace gets its name: one that has its name is whole.
  ///
  /// Throws with `isExists` where the name is taken; leaves no half-made file. Needs `CAP_SYS_ADMIN`.
  public static func create(
    named name: String, prepare: (NetworkNamespace) throws -> Void = { _ in }
  ) throws -> NetworkNamespace {
    let path = try path(of: name)
    try prepareFolder()
    let namespace = try createUnnamed(label: name)
    try prepare(namespace)
    let file = try Descriptor(opening: path, O_RDONLY | O_CREAT | O_EXCL, mode: 0o444)
    _ = consume file
    do throws(SystemError) {
      let source = "/proc/self/fd/\(namespace.descriptor.rawValue)"
      try check(mount(source, path, "none", UInt(MS_BIND), nil), "bind namespace", path)
    } catch {
      // The file is ours: O_EXCL made it. If its removal fails too, the first error tells more.
      umount2(path, Int32(MNT_DETACH))
      unlink(path)
      throw error
    }
    return namespace
  }

  /// Makes a new namespace that lives as long as the returned value, or what is inside it.
  public static func createUnnamed(label: String) throws -> NetworkNamespace {
    let number = try thread.run {
      // The thread must go back where an outer `perform` had it.
      let before = try Descriptor(opening: "/proc/thread-self/ns/net", O_RDONLY)
      forgetPlace()
      try check(unshare(Int32(VIRTCLOUD_CLONE_NEWNET)), "create namespace", label)
      let made = Result { try Descriptor(opening: "/proc/thread-self/ns/net", O_RDONLY).release() }
      try check(setns(before.rawValue, Int32(VIRTCLOUD_CLONE_NEWNET)), "leave namespace", label)
      return try made.get()
    }
    return try NetworkNamespace(Descriptor(owning: number), label: label)
  }

  /// Opens a named namespace; throws with `isNotFound` where there is none of that name.
  public static func open(named name: String) throws -> NetworkNamespace {
    let path = try path(of: name)
    let descriptor = try Descriptor(opening: path, O_RDONLY)
    // A plain file is what a creation leaves that was killed between its two steps.
    var kind = statfs()
    try check(fstatfs(descriptor.rawValue, &kind), "open namespace", name)
    guard kind.f_type == nsfsMagic else {
      throw SystemError(operation: "open namespace", object: name, errno: ENOENT)
    }
    return try NetworkNamespace(descriptor, label: name)
  }

  /// Removes a name; the namespace ends with its last process and descriptor, its links with it.
  ///
  /// Idempotent: false where there was nothing of that name.
  @discardableResult
  public static func delete(named name: String) throws -> Bool {
    let path = try path(of: name)
    if umount2(path, Int32(MNT_DETACH)) != 0 {
      let code = errno
      if code == ENOENT { return false }
      // EINVAL: no mount there, only the file of a creation that was killed.
      guard code == EINVAL else {
        throw SystemError(operation: "unmount namespace", object: path, errno: code)
      }
    }
    guard unlink(path) != 0 else { return true }
    let code = errno
    // Another process was quicker.
    if code == ENOENT { return false }
    throw SystemError(operation: "delete namespace", object: path, errno: code)
  }

  /// The names that begin with `prefix`, sorted, half-made ones included; none where the folder is not there.
  public static func names(prefix: String) throws -> [String] {
    guard let directory = opendir(folder) else {
      let code = errno
      if code == ENOENT { return [] }
      throw SystemError(operation: "list namespaces", object: folder, errno: code)
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != "..", name.hasPrefix(prefix) { names.append(name) }
    }
    return names.sorted()
  }

  /// The magic number of `nsfs` (`NSFS_MAGIC`, `linux/magic.h`).
  private static var nsfsMagic: Int { 0x6e73_6673 }

  private static func path(of name: String) throws(SystemError) -> String {
    guard !name.isEmpty, name.utf8.count <= 255, name != ".", name != "..", !name.utf8.contains(UInt8(ascii: "/")),
      !name.utf8.contains(0)
    else { throw SystemError(operation: "name namespace", object: name, errno: EINVAL) }
    return folder + "/" + name
  }

  /// Makes `/run/netns` a shared mount point as iproute2 does, so that a name's removal reaches the
  /// copies of the mount in other mount namespaces.
  private static func prepareFolder() throws(SystemError) {
    if mkdir(folder, 0o755) != 0, errno != EEXIST {
      throw SystemError(operation: "create folder", object: folder, errno: errno)
    }
    let shared = UInt(MS_SHARED | MS_REC)
    if mount("", folder, "none", shared, nil) == 0 { return }
    let code = errno
    // EINVAL: the folder is no mount point yet.
    guard code == EINVAL else { throw SystemError(operation: "share mount", object: folder, errno: code) }
    try check(
      mount(folder, folder, "none", UInt(MS_BIND | MS_REC), nil), "bind folder", folder)
    try check(mount("", folder, "none", shared, nil), "share mount", folder)
  }
}
