import Glibc
import Linux

/// The threads of servers, by their names.
enum ServerThreads {
  /// Names of all threads of this process.
  static func names() -> [String] {
    folders().compactMap { text(of: $0 + "/comm").map { String($0.dropLast()) } }
  }

  /// What a listener's thread has used, in hundredths of a second; nil where there is none.
  static func ticks(ofPort port: UInt16) -> Int? {
    for folder in folders() where text(of: folder + "/comm") == "web \(port)\n" {
      // The name in brackets holds a blank; the 12th and 13th field behind it are user and system time (proc(5)).
      guard let fields = text(of: folder + "/stat")?.split(separator: ")").last?.split(separator: " "),
        fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12])
      else { return nil }
      return user + system
    }
    return nil
  }

  private static func folders() -> [String] {
    guard let directory = opendir("/proc/self/task") else { return [] }
    defer { closedir(directory) }
    var folders: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if Int(name) != nil { folders.append("/proc/self/task/" + name) }
    }
    return folders
  }

  static func text(of path: String) -> String? {
    guard let file = try? Descriptor(opening: path, O_RDONLY) else { return nil }
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = read(file.rawValue, &bytes, bytes.count)
    return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
  }
}
