import Glibc

/// Removes a folder and the plain files in it.
func removeFolder(_ path: String) {
  guard let stream = opendir(path) else { return }
  defer { closedir(stream) }
  while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != "." && name != ".." { unlink(path + "/" + name) }
  }
  rmdir(path)
}
