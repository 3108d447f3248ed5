import FoundationEssentials
import Glibc
import Linux
import Quantities

/// Projects and tokens in a file that only its owner may read, written anew with each change.
public struct AccessFile: AccessRecords {
  private let path: String

  /// - Parameter path: Absolute; made at the first change.
  public init(path: String) { self.path = path }

  /// Throws `access-unreadable`.
  public func load() throws -> AccessBook {
    do throws(SystemError) {
      let file = try Descriptor(opening: path, O_RDONLY)
      return try decode(try file.readAll(path))
    } catch {
      if error.isNotFound { return AccessBook() }
      throw Problem(
        .failed, "access-unreadable", "Cannot read '\(path)': \(error).", remedy: "Make the file readable for root.")
    }
  }

  private func decode(_ bytes: [UInt8]) throws(SystemError) -> AccessBook {
    do { return try JSONDecoder().decode(AccessBook.self, from: Data(bytes)) } catch {
      throw SystemError(operation: "understand", object: path, errno: EBADMSG)
    }
  }

  /// Throws `access-unwritable`.
  public func save(_ book: AccessBook) throws {
    let bytes = try DocumentJSON.bytes(book)
    let new = path + ".new"
    do throws(SystemError) {
      let file = try Descriptor(opening: new, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
      try file.writeAll(bytes, new)
      try check(fsync(file.rawValue), "sync", new)
      try check(rename(new, path), "rename", new)
    } catch {
      throw Problem(
        .failed, "access-unwritable", "Cannot write '\(path)': \(error).",
        remedy: "Make room on the disk, and the folder writable for root.")
    }
  }
}

extension Descriptor {
  /// Everything from here to the end.
  borrowing func readAll(_ name: String) throws(SystemError) -> [UInt8] {
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = try check(read(rawValue, &chunk, chunk.count), "read", name)
      if count == 0 { return content }
      content += chunk.prefix(count)
    }
  }

  borrowing func writeAll(_ bytes: [UInt8], _ name: String) throws(SystemError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(rawValue, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      rest = rest.dropFirst(try check(count, "write", name))
    }
  }
}
