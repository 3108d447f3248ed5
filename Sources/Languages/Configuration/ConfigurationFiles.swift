import Glibc
import Quantities

/// Looks for the files that a configuration names, so that a wrong path is told when it is read and with its line.
public struct ConfigurationFiles: Sendable {
  private let fault: @Sendable (String) -> String?

  /// - Parameter fault: why a file cannot be read, as the end of a sentence (`does not exist`); nil where it can.
  public init(fault: @escaping @Sendable (String) -> String?) { self.fault = fault }

  /// Of this machine, for the user of this process (access(2), stat(2)).
  public static let ofThisMachine = ConfigurationFiles { path in
    var status = stat()
    guard stat(path, &status) == 0, access(path, R_OK) == 0 else {
      let code = errno
      return code == ENOENT || code == ENOTDIR ? "does not exist" : "cannot be read: " + String(cString: strerror(code))
    }
    return status.st_mode & S_IFMT == S_IFREG ? nil : "is not a regular file"
  }

  /// An absolute path whose file can be read. Throws `relative-path` or `unreadable-file`.
  func readable(_ text: String) throws(Problem) -> String {
    let path = try Bounds.path(text)
    guard let fault = fault(path) else { return path }
    throw Problem(
      .invalid, "unreadable-file", "The file '\(path.excerpt)' \(fault).",
      remedy: "Put the file there, or correct the path.")
  }
}
