import FoundationEssentials

/// How the parts of a large transaction stand in etcd.
enum EtcdJournal {
  /// Most edits in one transaction of etcd, whose limit is 128 (`--max-txn-ops`), with room for our own keys.
  static let editLimit = 120
  /// Most bytes in one request: base64 makes 4 of 3, and 1.5 MiB are the limit (`--max-request-bytes`).
  static let byteLimit = EtcdStore.documentLimit + 50_000

  private struct Line: Codable {
    var key: Data
    var value: Data?
  }

  /// Cuts edits into parts that fit into a transaction each.
  static func parts(_ edits: [EtcdEdit], editLimit: Int = editLimit) -> [ArraySlice<EtcdEdit>] {
    var parts: [ArraySlice<EtcdEdit>] = []
    var start = 0
    var size = 0
    for (index, edit) in edits.enumerated() {
      if index > start, index - start == editLimit || size + edit.size > byteLimit {
        parts.append(edits[start..<index])
        start = index
        size = 0
      }
      size += edit.size
    }
    if start < edits.count { parts.append(edits[start...]) }
    return parts
  }

  static func bytes(_ edits: ArraySlice<EtcdEdit>) throws -> [UInt8] {
    let lines = edits.map { Line(key: Data($0.key), value: $0.value.map { Data($0) }) }
    return [UInt8](try JSONEncoder().encode(lines))
  }

  static func edits(_ bytes: [UInt8], key: [UInt8]) throws -> [EtcdEdit] {
    guard let lines = try? JSONDecoder().decode([Line].self, from: Data(bytes)) else {
      throw EtcdProblem.damaged(String(decoding: key, as: UTF8.self))
    }
    return lines.map { EtcdEdit(key: [UInt8]($0.key), value: $0.value.map { [UInt8]($0) }) }
  }
}
