import CSQLite
import Glibc
import Quantities

/// What can be wrong with the state file, each with its remedy.
enum StateProblem {
  /// The problem behind a SQLite result code (https://www.sqlite.org/rescode.html).
  static func from(code: Int32, extended: Int32, message: String, path: String) -> Problem {
    switch code {
    case SQLITE_FULL: diskFull(path)
    case SQLITE_IOERR where errno == ENOSPC: diskFull(path)
    case SQLITE_BUSY, SQLITE_LOCKED: busy(path)
    case SQLITE_NOTADB, SQLITE_CORRUPT: damaged(path, message)
    case SQLITE_READONLY: readOnly(path)
    case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH: cannotOpen(path, message)
    default:
      Problem(
        .failed, "state-failed", "The state file '\(path)' cannot be used: \(message) (SQLite code \(extended)).",
        remedy: "Check the disk and the file, then run the command again.")
    }
  }

  static func diskFull(_ path: String) -> Problem {
    Problem(
      .failed, "state-disk-full",
      "The disk is full: the state file '\(path)' could not be written, nothing was changed.",
      remedy: "Free some space on that disk and run the command again.")
  }

  static func busy(_ path: String) -> Problem {
    Problem(
      .failed, "state-busy", "Another process keeps the state file '\(path)' busy.",
      remedy: "Wait until it is done, then run the command again.")
  }

  static func damaged(_ path: String, _ message: String) -> Problem {
    Problem(
      .failed, "state-damaged", "The state file '\(path)' is damaged or no state file at all: \(message).",
      remedy: "Move it away, run 'virtcloud gc', and bring the infrastructures up again.")
  }

  static func foreign(path: String) -> Problem {
    Problem(
      .failed, "state-foreign", "The file '\(path)' is a database of another program.",
      remedy: "Name another state file.")
  }

  static func tooNew(found: Int64, known: Int64, path: String) -> Problem {
    Problem(
      .failed, "state-too-new",
      "The state file '\(path)' has version \(found), but this program knows versions up to \(known).",
      remedy: "Use the newer VirtCloud that wrote it.")
  }

  static func readOnly(_ path: String) -> Problem {
    Problem(
      .failed, "state-read-only", "The state file '\(path)' can only be read.",
      remedy: "Make the file, its folder and its file system writable.")
  }

  static func cannotOpen(_ path: String, _ message: String) -> Problem {
    Problem(
      .failed, "state-failed", "The state file '\(path)' cannot be opened: \(message).",
      remedy: "Check that the path is a file and that its folder can be read and written.")
  }

  /// What a failed system call on the file or its folder means.
  static func system(_ operation: String, _ path: String, _ code: Int32) -> Problem {
    let reason = String(cString: strerror(code))
    switch code {
    case EACCES, EPERM:
      return Problem(
        .notPermitted, "state-not-permitted", "'\(path)' may not be used: \(operation): \(reason).",
        remedy: "Run as root, or name a state file of your own.")
    case ENOSPC, EDQUOT: return diskFull(path)
    case EROFS: return readOnly(path)
    default:
      return Problem(
        .failed, "state-failed", "'\(path)' cannot be used: \(operation): \(reason).",
        remedy: "Check the path of the state file.")
    }
  }
}
