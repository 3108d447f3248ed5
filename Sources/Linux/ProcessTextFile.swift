import Glibc

/// Whole small files, as the kernel's pseudo file systems have them.
public enum TextFile {
  /// Reads a file to its end; bytes that are not UTF-8 are replaced.
  public static func read(_ path: String) throws(SystemError) -> String {
    let file = try Descriptor(opening: path, O_RDONLY)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16384)
    while true {
      let count = Glibc.read(file.rawValue, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      try check(count, "read", path)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
  }

  /// Writes a text with one `write(2)`, as the kernel's settings want it; the file must exist.
  public static func write(_ path: String, _ text: String) throws(SystemError) {
    let file = try Descriptor(opening: path, O_WRONLY)
    try check(Glibc.write(file.rawValue, text, text.utf8.count), "write", path)
  }
}
