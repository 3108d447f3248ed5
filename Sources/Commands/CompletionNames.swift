import API
import CommandLine
import Glibc

/// Names that the shell offers while a command is typed.
struct CompletionNames {
  private let reader: any CloudReading

  init(_ reader: any CloudReading) { self.reader = reader }

  func names(_ kind: Completion, _ words: [String]) throws -> [String] {
    switch kind {
    case .infrastructure: return try reader.infrastructures().map(\.name.description)
    case .node: return try infrastructure(words).map { unique($0.nodes.map(\.row.node.description)) } ?? []
    case .dynamic("capture"): return try infrastructure(words).map(places) ?? []
    case .dynamic("offer"): return try reader.offers().compactMap { $0.number.map(String.init) }
    case .dynamic("host"): return try reader.substrate().hosts.map(\.name.description)
    default: return []
    }
  }

  private func infrastructure(_ words: [String]) throws -> InfrastructureDocument? {
    try words.first.map(reader.infrastructure)
  }

  /// Where a capture can listen: an interface, or a whole network.
  private func places(in document: InfrastructureDocument) -> [String] {
    let ends = document.nodes.compactMap { node in node.row.interface.map { "\(node.row.node):\($0)" } }
    return ends + unique(document.nodes.compactMap { $0.row.network?.description })
  }

  private func unique(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }
}

extension CloudAccess {
  /// What the environment says: nobody types options for the shell's questions.
  static var ofEnvironment: CloudAccess {
    func text(_ name: String) -> String? { getenv("VIRTCLOUD_\(name)").map { String(cString: $0) } }
    return CloudAccess(
      state: text("STATE"), controllers: text("CONTROLLER").map { [$0] } ?? [], token: text("TOKEN"),
      tokenFile: text("TOKEN_FILE"), certificate: text("CERTIFICATE"), key: text("KEY"), authority: text("CA"))
  }
}
