import Glibc
import Linux
import Store
import TestSupport
import Testing

/// Where a store stands, so that a test can open it again and again.
enum StorePlace: Sendable, CustomStringConvertible {
  case sqlite(String)
  case etcd(String, prefix: String)

  /// Kinds that this machine has.
  static var kinds: [String] { EtcdServer.isInstalled ? ["SQLite", "etcd"] : ["SQLite"] }

  static func make(_ kind: String, _ scratch: Scratch) throws -> StorePlace {
    if kind == "SQLite" { return .sqlite(scratch.path("state.db")) }
    let server = try #require(EtcdServer.current)
    return .etcd(server.ports.url, prefix: "/" + KernelTest.uniqueName())
  }

  func open() throws -> any Store {
    switch self {
    case .sqlite(let path): try SQLiteStore(path: path)
    case .etcd(let url, let prefix): try EtcdStore(cluster: EtcdServer.cluster([.url(url)]), prefix: prefix)
    }
  }

  var description: String {
    switch self {
    case .sqlite(let path): "sqlite \(path)"
    case .etcd(let url, let prefix): "etcd \(url) \(prefix)"
    }
  }

  init?(_ text: String) {
    let words = text.split(separator: " ").map(String.init)
    if words.count == 2, words[0] == "sqlite" {
      self = .sqlite(words[1])
    } else if words.count == 3, words[0] == "etcd" {
      self = .etcd(words[1], prefix: words[2])
    } else {
      return nil
    }
  }
}
