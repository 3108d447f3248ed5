import Glibc
import Linux
import Quantities

/// A file in which somebody keeps a bearer token.
enum TokenFile {
  /// The token in a file; nil where none was named and the user's own, `~/.config/virtcloud/token`, is not there.
  static func read(_ name: String?) throws -> String? {
    guard let path = name ?? getenv("HOME").map({ String(cString: $0) + "/.config/virtcloud/token" }) else {
      return nil
    }
    do throws(SystemError) {
      let file = try Descriptor(opening: path, O_RDONLY | O_NONBLOCK)
      var facts = stat()
      try check(fstat(file.rawValue, &facts), "stat", path)
      guard facts.st_mode & 0o077 == 0 else { return try tooOpen(path) }
      var bytes = [UInt8](repeating: 0, count: 4096)
      let count = try check(Glibc.read(file.rawValue, &bytes, bytes.count), "read", path)
      return String(decoding: bytes.prefix(count), as: UTF8.self).split(whereSeparator: \.isWhitespace).first
        .map(String.init)
    } catch {
      if name == nil, error.isNotFound { return nil }
      if error.errno == EACCES, error.operation == "trust" { throw openProblem(path) }
      throw Problem(
        .failed, "token-unreadable", "Cannot read the token in '\(path)': \(String(cString: strerror(error.errno))).",
        remedy: "Name a file with a token in it.")
    }
  }

  private static func tooOpen(_ path: String) throws(SystemError) -> String? {
    throw SystemError(operation: "trust", object: path, errno: EACCES)
  }

  private static func openProblem(_ path: String) -> Problem {
    Problem(
      .notPermitted, "token-exposed", "Others may read the token in '\(path)'.", remedy: "Run 'chmod 600 \(path)'.")
  }
}
