import Glibc
import Linux
import Quantities

extension MachineDriver {
  /// The directory that an image is; an archive is unpacked once for each state of its file.
  func path(of image: MachineSpec.RootImage) throws -> String {
    switch image {
    case .host: return "/"
    case .directory(let path):
      var facts = stat()
      guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else { throw missing(path, "directory") }
      return path
    case .archive(let path): return try unpacked(path)
    }
  }

  private func missing(_ path: String, _ kind: String) -> Problem {
    Problem(
      .invalid, "image-missing", "Image \(path) is not a \(kind) on this host.",
      remedy: "Put the \(kind) there, or name another image.")
  }

  private func unpacked(_ path: String) throws -> String {
    var facts = stat()
    guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFREG else { throw missing(path, "tar archive") }
    let identity = "\(facts.st_dev)-\(facts.st_ino)-\(facts.st_size)-\(facts.st_mtim.tv_sec)-\(facts.st_mtim.tv_nsec)"
    try Folder.make(cacheFolder)
    try Folder.make(cacheFolder + "/images")
    let final = "\(cacheFolder)/images/\(identity)"
    if access(final, F_OK) == 0 { return final }
    var template = Array((final + ".XXXXXX").utf8CString)
    guard mkdtemp(&template) != nil else { throw SystemError(operation: "create", object: final, errno: errno) }
    let folder = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    try check(chmod(folder, 0o755), "chmod", folder)
    // tar strips leading slashes and refuses `..` and writing through links by itself.
    try ProcessRun.spawn(
      "/usr/bin/tar",
      [
        "tar", "--extract", "--file", path, "--directory", folder, "--numeric-owner", "--same-permissions",
        "--exclude=./dev/*", "--exclude=dev/*", "--force-local",
      ])
    // The whole or nothing: somebody else may have been faster with the same contents.
    if rename(folder, final) != 0 && errno != EEXIST && errno != ENOTEMPTY {
      throw SystemError(operation: "rename", object: folder, errno: errno)
    }
    return final
  }
}
