import Glibc

/// Files and folders for their owner alone.
public enum PrivateFile {
  /// Writes a new file (0600), or replaces one as a whole: readers see the old text or the new, never a part.
  /// Throws `SystemError`; the draft beside it is removed then.
  public static func replace(_ path: String, with text: String) throws {
    let draft = "\(path).\(getpid())"
    try removeFile(draft)
    do {
      try write(text, to: draft)
      try check(rename(draft, path), "rename file", draft)
    } catch {
      // The first error tells more than that of the removal.
      try? removeFile(draft)
      throw error
    }
  }

  /// Writes a file that must not be there yet, mode 0600 whatever the umask. It is on the disk afterwards.
  public static func write(_ text: String, to path: String) throws(SystemError) {
    let file = try Descriptor(opening: path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
    try check(fchmod(file.rawValue, 0o600), "set mode of", path)
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file.rawValue, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      rest = rest.dropFirst(try check(count, "write", path))
    }
    try check(fsync(file.rawValue), "write to disk", path)
  }

  /// Removes a file; it may be gone already.
  public static func removeFile(_ path: String) throws(SystemError) {
    guard unlink(path) != 0 else { return }
    let code = errno
    if code != ENOENT { throw SystemError(operation: "remove file", object: path, errno: code) }
  }

  /// Makes a folder and those above it, mode 0700; those that are there stay as they are.
  public static func makeFolders(_ path: String) throws(SystemError) {
    let parts = path.split(separator: "/")
    for count in parts.indices.map({ $0 + 1 }) {
      let folder = "/" + parts.prefix(count).joined(separator: "/")
      guard mkdir(folder, 0o700) != 0 else { continue }
      let code = errno
      if code != EEXIST { throw SystemError(operation: "create folder", object: folder, errno: code) }
    }
  }

  /// Removes a folder of plain files; false where there was none.
  @discardableResult
  public static func removeFolder(_ path: String) throws(SystemError) -> Bool {
    for name in try names(in: path) { try removeFile(path + "/" + name) }
    guard rmdir(path) != 0 else { return true }
    let code = errno
    if code != ENOENT { throw SystemError(operation: "remove folder", object: path, errno: code) }
    return false
  }

  /// Names in a folder, sorted; none where it is not there.
  public static func names(in path: String) throws(SystemError) -> [String] {
    guard let stream = opendir(path) else {
      let code = errno
      if code == ENOENT { return [] }
      throw SystemError(operation: "list folder", object: path, errno: code)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
