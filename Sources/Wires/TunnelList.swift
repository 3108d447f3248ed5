import FoundationEssentials
import Glibc
import Linux
import Quantities

/// The list of the ends that shall run, as a file that the agent writes and the keeper reads.
public enum TunnelList {
  /// Writes the list as a whole (0600), in an order of its own; the keeper, if one lives, follows it at once.
  ///
  /// The file's folder is made where it is missing. Throws `SystemError`, or `tunnel-twice` for two ends of one
  /// identity.
  public static func write(_ wanted: [TunnelSpec], to path: String) throws {
    let ends = wanted.sorted { $0.identity < $1.identity }
    for (first, second) in zip(ends, ends.dropFirst()) where first.identity == second.identity {
      throw Problem(
        .failed, "tunnel-twice", "Wires \(first.label) and \(second.label) have the same key \(first.key).",
        remedy: "Give each wire a key of its own.")
    }
    if let slash = path.lastIndex(of: "/") { try PrivateFile.makeFolders(String(path[..<slash])) }
    try PrivateFile.replace(path, with: try text(of: ends))
  }

  /// Reads a list; where there is no file, nothing is wanted. Throws `SystemError` or `tunnel-list-broken`.
  public static func read(_ path: String) throws -> [TunnelSpec] {
    do {
      return try JSONDecoder().decode([TunnelSpec].self, from: Data(try TextFile.read(path).utf8))
    } catch let error as SystemError where error.isNotFound {
      return []
    } catch let error as DecodingError {
      throw Problem(
        .failed, "tunnel-list-broken", "The list of encrypted wires '\(path)' cannot be read: \(error).",
        remedy: "Run any command that changes something, such as 'virtcloud gc': it writes the list anew.")
    }
  }

  /// JSON with sorted keys.
  static func text(of value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }
}
