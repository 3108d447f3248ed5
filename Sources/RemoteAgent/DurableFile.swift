import Glibc
import Linux

/// Small files of their owner alone (0600) that survive a crash at any moment.
enum DurableFile {
  /// Replaces a file as a whole: after it returns, the new text is on the disk; before, the old one.
  ///
  /// - Parameter isDurable: False leaves the disk to the kernel: the text survives this process, not the machine.
  static func write(_ bytes: [UInt8], to path: String, isDurable: Bool = true) throws(SystemError) {
    let draft = path + ".new"
    try writeDraft(bytes, draft, isDurable)
    try check(rename(draft, path), "rename", draft)
    if isDurable { try sync(folder(of: path)) }
  }

  /// Nil where it is not there.
  static func read(_ path: String) throws(SystemError) -> [UInt8]? {
    do { return Array(try TextFile.read(path).utf8) } catch {
      if error.errno == ENOENT { return nil }
      throw error
    }
  }

  /// Makes a folder and those above it (0700); those that are there stay as they are.
  static func makeFolder(_ path: String) throws(SystemError) {
    for end in path.indices.dropFirst() where path[end] == "/" { try makeOne(String(path[..<end])) }
    try makeOne(path)
  }

  private static func makeOne(_ path: String) throws(SystemError) {
    guard mkdir(path, 0o700) != 0 else { return }
    let code = errno
    if code != EEXIST { throw SystemError(operation: "create folder", object: path, errno: code) }
  }

  private static func writeDraft(_ bytes: [UInt8], _ draft: String, _ isDurable: Bool) throws(SystemError) {
    let file = try Descriptor(opening: draft, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
    // A draft that a crash left may have had another mode.
    try check(fchmod(file.rawValue, 0o600), "set mode of", draft)
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file.rawValue, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      rest = rest.dropFirst(try check(count, "write", draft))
    }
    if isDurable { try check(fsync(file.rawValue), "write to disk", draft) }
  }

  private static func sync(_ folder: String) throws(SystemError) {
    let descriptor = try Descriptor(opening: folder, O_RDONLY | O_DIRECTORY)
    try check(fsync(descriptor.rawValue), "write to disk", folder)
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
    return String(path[..<slash])
  }
}
