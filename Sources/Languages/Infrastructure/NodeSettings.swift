import Infrastructure
import Quantities

/// What stands behind a node's name; from `defaults` and from what its kind usually needs where it is silent.
struct NodeSettings {
  var kind: Node.Kind
  var image: Image
  var cpu: Cores
  var memory: ByteCount
  var storage: ByteCount
  var site: Name?
  var host: Name?
  var location: String?
  var isExclusive: Bool
  var routes: [RouteDraft]
  var labels: [String: String]

  init(_ entry: LocatedNode.Entry, _ defaults: Fields?) throws(Problem) {
    let fields = try Fields(entry.value, .node, of: "Node '\(entry.key.excerpt)'", at: entry.mark)
    kind = try fields.choice("kind", Node.Kind.self) ?? .machine
    image = try fields.value("image", else: defaults, Image.init(parsing:)) ?? .host
    cpu = try fields.value("cpu", else: defaults, Bounds.cpu) ?? kind.usualCPU
    memory = try fields.value("memory", else: defaults, Bounds.memory) ?? kind.usualMemory
    storage = try fields.value("storage", else: defaults, Bounds.storage) ?? .zero
    site = try fields.value("site", else: defaults, Name.init(parsing:))
    host = try fields.value("host", Name.init(parsing:))
    location = try fields.value("location", else: defaults, Bounds.location)
    isExclusive = try fields.value("exclusive", Bounds.flag) ?? false
    routes = try RouteDraft.list(fields)
    labels = try fields.labels()
  }
}

extension Node.Kind {
  /// A router only forwards, which the kernel mostly does outside its processor share.
  var usualCPU: Cores { Cores(thousandths: self == .router ? 500 : 1000) }
  var usualMemory: ByteCount { ByteCount(bytes: self == .router ? 64 << 20 : 128 << 20) }
}

extension Image {
  private static let archiveEndings = [".tar", ".tar.gz", ".tar.xz", ".tar.zst"]

  /// Reads `host`, or the absolute path of a directory or of a tar archive. Throws `bad-image`.
  init(parsing text: String) throws(Problem) {
    if text == "host" {
      self = .host
      return
    }
    let parts = text.split(separator: "/", omittingEmptySubsequences: true)
    guard text.hasPrefix("/"), !text.utf8.contains(0), !parts.contains(".."), text.utf8.count < 4096 else {
      throw Problem(
        .invalid, "bad-image", "'\(text.excerpt)' is neither 'host' nor an absolute path without '..'.",
        remedy: "Write host, a directory such as /srv/debian, or an archive such as /srv/debian.tar.zst.")
    }
    self = Self.archiveEndings.contains(where: text.hasSuffix) ? .archive(text) : .directory(text)
  }
}
