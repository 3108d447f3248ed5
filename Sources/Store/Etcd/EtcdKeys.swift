/// Where things stand in etcd.
struct EtcdKeys: Sendable {
  /// Without a slash at its end.
  let prefix: String

  let format: [UInt8]
  let leader: [UInt8]
  /// The name of the last transaction; changed by every one.
  let commit: [UInt8]
  /// A large transaction that counts already but does not stand in the documents yet: `NAME COUNT`.
  let pending: [UInt8]
  /// The parts of large transactions.
  let journal: [UInt8]
  let documents: [UInt8]
  let counters: [UInt8]
  let all: [UInt8]

  init(_ prefix: String) {
    var text = prefix[...]
    while text.hasSuffix("/") { text = text.dropLast() }
    let prefix = String(text)
    func bytes(_ name: String) -> [UInt8] { Array("\(prefix)/\(name)".utf8) }
    self.prefix = prefix
    format = bytes("format")
    leader = bytes("leader")
    commit = bytes("commit")
    pending = bytes("pending")
    journal = bytes("journal/")
    documents = bytes("documents/")
    counters = bytes("counters/")
    all = bytes("")
  }

  func document(_ collection: [UInt8], _ key: [UInt8]) -> [UInt8] {
    documents + Self.escaped(collection) + [Self.slash] + key
  }

  func counter(_ name: [UInt8]) -> [UInt8] { counters + name }

  func chunk(_ transaction: String, _ number: Int) -> [UInt8] {
    let digits = String(number)
    return journal + Array("\(transaction)/\(String(repeating: "0", count: max(0, 8 - digits.count)))\(digits)".utf8)
  }

  /// Collection and key of a document's key in etcd.
  func parts(_ key: [UInt8]) -> (collection: [UInt8], key: [UInt8])? {
    guard key.starts(with: documents) else { return nil }
    let rest = key[documents.count...]
    guard let slash = rest.firstIndex(of: Self.slash) else { return nil }
    return (Self.unescaped(rest[..<slash]), Array(rest[(slash + 1)...]))
  }

  /// The first key behind all that begin with this one.
  static func end(of prefix: [UInt8]) -> [UInt8] {
    var end = prefix
    while let last = end.popLast() {
      if last < 0xFF { return end + [last + 1] }
    }
    return [0]
  }

  private static let slash = UInt8(ascii: "/")
  private static let percent = UInt8(ascii: "%")

  /// A collection's name stands before a slash and so may not have one: `/` is `%s`, `%` is `%p`.
  private static func escaped(_ name: [UInt8]) -> [UInt8] {
    name.flatMap { byte -> [UInt8] in
      byte == slash ? [percent, UInt8(ascii: "s")] : byte == percent ? [percent, UInt8(ascii: "p")] : [byte]
    }
  }

  private static func unescaped(_ name: ArraySlice<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    var isEscaped = false
    for byte in name {
      if isEscaped {
        bytes.append(byte == UInt8(ascii: "s") ? slash : percent)
        isEscaped = false
      } else if byte == percent {
        isEscaped = true
      } else {
        bytes.append(byte)
      }
    }
    return bytes
  }
}
