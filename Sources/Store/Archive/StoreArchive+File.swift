import COpenSSL
import FoundationEssentials
import Glibc
import Linux
import Quantities

/// An archive's file: lines of JSON, a header first, a checksum of all before it last.
extension StoreArchive {
  private static let format = "virtcloud-store"
  private static let version = 1

  private struct Header: Codable {
    var format: String
    var version: Int
    var created: Timestamp
    var counters: Int
    var documents: Int
  }

  private struct Line: Codable {
    var counter: String?
    var value: Int64?
    var collection: String?
    var key: String?
    var revision: Int64?
    var body: String?
  }

  private struct Footer: Codable {
    var sha256: String
  }

  /// The file's bytes.
  public func bytes() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var bytes: [UInt8] = []
    let add = { (line: any Encodable) in
      bytes += try encoder.encode(line)
      bytes.append(UInt8(ascii: "\n"))
    }
    try add(
      Header(
        format: Self.format, version: Self.version, created: created, counters: counters.count,
        documents: entries.count))
    for counter in counters { try add(Line(counter: counter.name, value: counter.value)) }
    for entry in entries {
      let document = entry.document
      try add(
        Line(collection: entry.collection, key: document.key, revision: document.revision, body: document.body))
    }
    try add(Footer(sha256: try Self.sha256(bytes[...])))
    return bytes
  }

  /// Reads a file's bytes; `path` is for messages. Throws `Problem`: `backup-damaged`, `backup-too-new`.
  public init(_ bytes: [UInt8], path: String) throws {
    let lines = bytes.split(separator: UInt8(ascii: "\n"))
    let decoder = JSONDecoder()
    guard let first = lines.first, let header = try? decoder.decode(Header.self, from: Data(first)),
      header.format == Self.format
    else { throw ArchiveProblem.damaged(path, "it has no header of one", line: 1) }
    if header.version > Self.version { throw ArchiveProblem.tooNew(path, header.version) }
    guard let last = lines.last, let footer = try? decoder.decode(Footer.self, from: Data(last)) else {
      throw ArchiveProblem.damaged(path, "its end is missing")
    }
    guard try Self.sha256(bytes[..<last.startIndex]) == footer.sha256 else {
      throw ArchiveProblem.damaged(path, "its checksum differs")
    }
    self.init(created: header.created, counters: [], entries: [])
    for (index, line) in lines.enumerated().dropFirst().dropLast() {
      guard let line = try? decoder.decode(Line.self, from: Data(line)), add(line) else {
        throw ArchiveProblem.damaged(path, "a line makes no sense", line: index + 1)
      }
    }
    guard counters.count == header.counters, entries.count == header.documents else {
      throw ArchiveProblem.damaged(path, "lines are missing")
    }
  }

  private mutating func add(_ line: Line) -> Bool {
    if let name = line.counter, let value = line.value {
      counters.append(Counter(name: name, value: value))
    } else if let collection = line.collection, let key = line.key, let revision = line.revision, let body = line.body {
      let document = Document(key: key, body: body, revision: revision)
      entries.append(Entry(collection: collection, document: document))
    } else {
      return false
    }
    return true
  }

  private static func sha256(_ bytes: ArraySlice<UInt8>) throws -> String {
    var digest = [UInt8](repeating: 0, count: 32)
    var count: UInt32 = 0
    let isDone = bytes.withUnsafeBytes { EVP_Digest($0.baseAddress, $0.count, &digest, &count, EVP_sha256(), nil) }
    guard isDone == 1, count == 32 else { throw ArchiveProblem.unable() }
    return digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// Writes a new file, mode 0600, and syncs it; a file that is there already is left as it is.
  public func write(to path: String) throws {
    do {
      let file = try Descriptor(opening: path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
      do {
        try check(fchmod(file.rawValue, 0o600), "set mode of", path)
        var rest = try bytes()[...]
        while !rest.isEmpty {
          let count = rest.withUnsafeBytes { Glibc.write(file.rawValue, $0.baseAddress, $0.count) }
          if count < 0, errno == EINTR { continue }
          rest = rest.dropFirst(try check(count, "write", path))
        }
        try check(fsync(file.rawValue), "sync", path)
      } catch {
        // Half a backup is none; the error that led here tells why.
        unlink(path)
        throw error
      }
    } catch let error as SystemError {
      throw ArchiveProblem.file("write", path, "\(error)")
    }
  }

  /// Reads a file, of at most 4 GiB.
  public static func read(_ path: String) throws -> StoreArchive {
    do {
      let file = try Descriptor(opening: path, O_RDONLY)
      var bytes: [UInt8] = []
      var chunk = [UInt8](repeating: 0, count: 1 << 20)
      while true {
        let count = Glibc.read(file.rawValue, &chunk, chunk.count)
        if count < 0, errno == EINTR { continue }
        if try check(count, "read", path) == 0 { return try StoreArchive(bytes, path: path) }
        bytes += chunk.prefix(count)
        if bytes.count > 4 << 30 { throw ArchiveProblem.damaged(path, "it has more than 4 GiB") }
      }
    } catch let error as SystemError {
      throw ArchiveProblem.file("read", path, "\(error)")
    }
  }
}
