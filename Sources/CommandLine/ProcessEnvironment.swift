import Glibc

/// The environment of this process.
public enum ProcessEnvironment {
  /// All variables; of one set twice the first counts, as with getenv(3).
  public static func current() -> [String: String] {
    var variables: [String: String] = [:]
    var entry = environ
    while let line = entry.pointee {
      let pair = String(cString: line).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      if pair.count == 2, variables[String(pair[0])] == nil { variables[String(pair[0])] = String(pair[1]) }
      entry += 1
    }
    return variables
  }
}
