import Glibc
import Linux
import Pictures
import Quantities

/// Writing pictures that the user named.
enum PictureFile {
  /// Replaces the file, or makes it.
  static func write(_ bytes: [UInt8], to path: String) throws {
    do {
      let file = try Descriptor(opening: path, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o644)
      var sent = 0
      try bytes.withUnsafeBytes { buffer in
        while sent < buffer.count {
          sent += try check(
            Glibc.write(file.rawValue, buffer.baseAddress?.advanced(by: sent), buffer.count - sent), "write", path)
        }
      }
    } catch let error as SystemError {
      throw Problem(
        .failed, "picture-unwritable", "Cannot write '\(path)': \(String(cString: strerror(error.errno))).",
        remedy: "Name a file in a folder that you may write to.")
    }
  }
}

extension PictureFormat {
  /// By the ending of the file's name.
  init(file: String) throws(Problem) {
    guard let ending = file.split(separator: ".").last, let format = PictureFormat(rawValue: ending.lowercased()) else {
      throw Problem(
        .invalid, "unknown-picture", "'\(file)' ends neither in .svg nor in .png.",
        remedy: "Name a file such as plan.svg.")
    }
    self = format
  }
}
