import Glibc
import Quantities

/// The file and the folder in which state stands: for their owner alone.
enum StateFile {
  /// Makes the folders that are missing (0700) and the file (0600); what exists is left as it is.
  static func prepare(_ path: String) throws {
    if access(path, F_OK) == 0 {
      // SQLite would open a file that cannot be written for reading only, and fail later.
      if access(path, R_OK | W_OK) != 0 { throw unusable(path, errno) }
      return
    }
    try makeFolder(folder(of: path))
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw StateProblem.system("open", path, errno) }
    close(descriptor)
  }

  /// Makes a folder and those above it.
  static func makeFolder(_ path: String) throws {
    if path.isEmpty || access(path, F_OK) == 0 { return }
    try makeFolder(folder(of: path))
    if mkdir(path, 0o700) != 0, errno != EEXIST { throw StateProblem.system("mkdir", path, errno) }
  }

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex && path.count > 1 ? "/" : String(path[..<slash])
  }

  private static func unusable(_ path: String, _ code: Int32) -> Problem {
    code == EROFS ? StateProblem.readOnly(path) : StateProblem.system("open", path, code)
  }
}
