import Infrastructure
import Quantities

/// What stands behind a node's name; from `defaults` and from what its kind usually needs where it is silent.
struct NodeSettings {
  var kind: Node.Kind
  var image: Image
  var cpu: Cores
  var memory: ByteCount
  var storage: ByteCount
  /// The least of each that would do, too; nil is what is wanted.
  var least: TimelineEvent.NodeChange?
  var site: Name?
  var host: Name?
  var location: String?
  var isExclusive: Bool
  var routes: [RouteDraft]
  var router: RouterSettings
  var labels: [String: String]

  init(_ entry: LocatedNode.Entry, _ defaults: Fields?, _ texts: UserText) throws(Problem) {
    let fields = try Fields(entry.value, .node, of: "Node '\(entry.key.excerpt)'", at: entry.mark)
    kind = try fields.choice("kind", Node.Kind.self) ?? .machine
    image = try fields.value("image", else: defaults, Image.init(parsing:)) ?? .host
    let cpu = try fields.range("cpu", .coresRange, else: defaults, Bounds.cpu)
    let memory = try fields.range("memory", .memoryRange, else: defaults, Bounds.memory)
    let storage = try fields.range("storage", .storageRange, else: defaults, Bounds.storage)
    self.cpu = cpu?.wanted ?? kind.usualCPU
    self.memory = memory?.wanted ?? kind.usualMemory
    self.storage = storage?.wanted ?? .zero
    let least = TimelineEvent.NodeChange(cpu: cpu?.least, memory: memory?.least, storage: storage?.least)
    self.least = least == TimelineEvent.NodeChange() ? nil : least
    site = try fields.value("site", else: defaults, Name.init(parsing:))
    host = try fields.value("host", Name.init(parsing:))
    location = try fields.value("location", else: defaults, Bounds.location)
    isExclusive = try fields.value("exclusive", Bounds.flag) ?? false
    routes = try RouteDraft.list(fields)
    router = try RouterSettings(fields, kind, texts)
    labels = try fields.labels()
  }
}

extension Fields {
  /// An amount, or the range from the least that would do to what is wanted, here or else in `defaults`; nil where
  /// the key is in neither. Throws `range-order`, and what `parse` throws.
  fileprivate func range<T: Comparable>(
    _ key: String, _ vocabulary: Vocabulary, else defaults: Fields?, _ parse: (String) throws(Problem) -> T
  ) throws(Problem) -> (wanted: T, least: T?)? {
    guard let node = node(key) else { return try defaults?.range(key, vocabulary, else: nil, parse) }
    guard case .mapping = node.content else { return try value(key, parse).map { ($0, nil) } }
    let range = try Fields(node, vocabulary, of: subject(of: key))
    let (low, high) = (try range.required("min", parse), try range.required("max", parse))
    guard low <= high else {
      throw node.mark.problem(
        "range-order", "\(range.subject): min (\(low)) is above max (\(high)).", remedy: "Swap them.")
    }
    return (high, low < high ? low : nil)
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
