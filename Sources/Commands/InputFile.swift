import Glibc
import Linux
import Quantities

/// A file that the user named, or that was found by itself.
struct InputFile {
  /// As it shall stand in messages.
  var name: String
  var text: [UInt8]

  /// The files that it names.
  var companions: CompanionFiles { CompanionFiles(of: name) }

  /// What sort of text it is, by its first character.
  enum Language { case yaml, json, xml }

  var language: Language {
    switch text.first(where: { ![0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf].contains($0) }) {
    case UInt8(ascii: "<"): .xml
    case UInt8(ascii: "{"): .json
    default: .yaml
    }
  }

  /// Whether XML is GraphML: its first element tells.
  var isGraphML: Bool {
    let head = String(decoding: text.prefix(4096), as: UTF8.self)
    return head.contains("<graphml") || head.contains(":graphml")
  }

  /// Reads `name`; `-` is standard input; nil is the only file here that ends in `suffix`.
  static func find(_ name: String?, suffix: String, what: String) throws -> InputFile {
    guard let name = try name ?? onlyFile(suffix: suffix, what: what) else { preconditionFailure() }
    if name == "-" {
      return InputFile(name: "standard input", text: try readAll(Descriptor(owning: dup(0)), "standard input"))
    }
    do {
      return InputFile(name: name, text: try readAll(Descriptor(opening: name, O_RDONLY), name))
    } catch let error as SystemError {
      throw Problem(
        error.isNotFound ? .notFound : .failed, error.isNotFound ? "no-such-file" : "file-unreadable",
        "Cannot read the \(what) '\(name)': \(String(cString: strerror(error.errno))).",
        remedy: error.isNotFound
          ? "Name a file that is there, or write one; see docs/file.md." : "Make the file readable.")
    }
  }

  private static func onlyFile(suffix: String, what: String) throws -> String? {
    let here = try filesHere().filter { $0.hasSuffix(suffix) }.sorted()
    if here.count == 1 { return here[0] }
    throw Problem(
      .invalid, here.isEmpty ? "no-file" : "many-files",
      here.isEmpty
        ? "No *\(suffix) is in this folder."
        : "There are \(here.count) *\(suffix) files here: \(here.prefix(5).joined(separator: ", ")).",
      remedy: "Name the \(what) with '-t FILE'.")
  }

  private static func filesHere() throws -> [String] {
    guard let folder = opendir(".") else {
      throw SystemError(operation: "open folder", object: ".", errno: errno)
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names
  }

  private static func readAll(_ descriptor: consuming Descriptor, _ name: String) throws -> [UInt8] {
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while content.count <= limit {
      let count = try check(read(descriptor.rawValue, &chunk, chunk.count), "read", name)
      if count == 0 { return content }
      content.append(contentsOf: chunk.prefix(count))
    }
    throw Problem(
      .invalid, "file-too-large", "'\(name)' is larger than \(limit >> 20) MiB.", remedy: "Split what it describes.")
  }

  private static let limit = 8 << 20
}
