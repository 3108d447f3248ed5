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

  /// Runs `body` alone among all who set up a state file in `folder`: several connections that switch the
  /// journal mode at once wait for each other until their time is up.
  ///
  /// The folder is locked (flock(2)), not the file: closing a descriptor of the file would drop SQLite's own
  /// locks on it (fcntl_locking(2)).
  static func alone(in folder: String, _ body: () throws -> Void) throws {
    let descriptor = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if descriptor < 0 { throw StateProblem.system("open", folder, errno) }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0 {
      if errno != EINTR { throw StateProblem.system("flock", folder, errno) }
    }
    try body()
  }

  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex && path.count > 1 ? "/" : String(path[..<slash])
  }

  private static func unusable(_ path: String, _ code: Int32) -> Problem {
    code == EROFS ? StateProblem.readOnly(path) : StateProblem.system("open", path, code)
  }
}
