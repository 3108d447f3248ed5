import Glibc
import Linux
import Quantities

/// Files that another file names: their paths begin in its folder.
struct CompanionFiles {
  /// The most that is read of one; more than a reader takes, so that it is the reader who refuses.
  private static let limit = 1 << 20
  /// Ends in a slash; empty is the current folder.
  private let folder: String

  /// - Parameter name: the file that names them; standard input and what has no folder are in the current one.
  init(of name: String) {
    folder = name.contains("/") ? String(name[...(name.lastIndex(of: "/") ?? name.startIndex)]) : ""
  }

  /// The text of one of them. Throws `no-such-file`, `file-unreadable`, `file-too-large` or `not-utf8`.
  func text(_ path: String) throws(Problem) -> String {
    let whole = path.hasPrefix("/") ? path : folder + path
    var content: [UInt8] = []
    do throws(SystemError) {
      content = try Self.read(whole)
    } catch {
      throw Problem(
        .invalid, error.isNotFound ? "no-such-file" : "file-unreadable",
        "Cannot read '\(whole)': \(String(cString: strerror(error.errno))).",
        remedy: "Write the path of a readable file, beginning in the folder of the file that names it.")
    }
    guard content.count <= Self.limit else {
      throw Problem(.invalid, "file-too-large", "'\(whole)' is larger than 1 MiB.", remedy: "Name a shorter one.")
    }
    guard let text = String(validating: content, as: UTF8.self) else {
      throw Problem(
        .invalid, "not-utf8", "'\(whole)' is not UTF-8 text.",
        remedy: "Save it as UTF-8, for example with iconv -t UTF-8.")
    }
    return text
  }

  /// The beginning of a regular file: one octet more than the limit at most.
  private static func read(_ path: String) throws(SystemError) -> [UInt8] {
    // A pipe or a device could keep us waiting for ever.
    let file = try Descriptor(opening: path, O_RDONLY | O_NONBLOCK)
    var facts = stat()
    try check(fstat(file.rawValue, &facts), "stat", path)
    guard facts.st_mode & S_IFMT == S_IFREG else {
      throw SystemError(operation: "read", object: path, errno: facts.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
    }
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while content.count <= limit {
      let count = try check(Glibc.read(file.rawValue, &chunk, chunk.count), "read", path)
      if count == 0 { break }
      content += chunk.prefix(count)
    }
    return content
  }
}
