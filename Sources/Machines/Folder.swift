import Glibc
import Linux

/// Folders, as cgroups are.
enum Folder {
  /// Makes a folder; it may be there already.
  static func make(_ path: String) throws(SystemError) {
    guard mkdir(path, 0o755) != 0 else { return }
    let code = errno
    if code != EEXIST { throw SystemError(operation: "create folder", object: path, errno: code) }
  }

  /// Removes an empty folder; true where it is gone, false where it is in use.
  static func remove(_ path: String) throws(SystemError) -> Bool {
    guard rmdir(path) != 0 else { return true }
    let code = errno
    switch code {
    case ENOENT: return true
    case EBUSY, ENOTEMPTY: return false
    default: throw SystemError(operation: "remove folder", object: path, errno: code)
    }
  }

  /// Names of the folders in a folder, sorted; none where it is not there.
  static func subfolders(_ path: String) throws(SystemError) -> [String] {
    guard let stream = opendir(path) else {
      let code = errno
      if code == ENOENT { return [] }
      throw SystemError(operation: "list folder", object: path, errno: code)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      guard entry.pointee.d_type == UInt8(DT_DIR) else { continue }
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
