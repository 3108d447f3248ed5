import Foundation
import Glibc
import Linux

/// Folders and files of tests.
enum TemporaryFolder {
  /// Makes a new folder, of which only root can read.
  static func make(in parent: String = "/tmp") throws -> String {
    var template = Array("\(parent)/vct-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw SystemError(operation: "make folder", object: parent, errno: errno)
    }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Reads a whole file; of a file of the kernel (`/proc`) too.
  static func read(_ path: String) throws -> String {
    let file = try Descriptor(opening: path, O_RDONLY)
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = try check(Glibc.read(file.rawValue, &chunk, chunk.count), "read", path)
      if count == 0 { return String(decoding: content, as: UTF8.self) }
      content.append(contentsOf: chunk.prefix(count))
    }
  }

  /// Writes a whole file.
  static func write(_ text: String, to path: String) throws {
    let file = try Descriptor(opening: path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = try rest.withUnsafeBytes {
        try check(Glibc.write(file.rawValue, $0.baseAddress, $0.count), "write", path)
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Removes a folder and all in it. What cannot be removed stays: the test has ended by then.
  static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }

  /// The names in a folder, sorted; none where it is not there.
  static func names(_ path: String) -> [String] {
    guard let folder = opendir(path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
