import Quantities

/// `store`: SQLite or etcd.
enum StoreSection {
  /// Throws `contradiction`, `no-endpoints`, or what is wrong with a value.
  static func store(
    _ fields: Fields, _ files: ConfigurationFiles
  ) throws(Problem) -> ServiceConfiguration.StoreChoice? {
    guard let fields = try fields.fields("store", .store) else { return nil }
    if let sqlite = fields.node("sqlite") {
      _ = try Fields(sqlite, .sqlite, of: fields.subject(of: "sqlite"))
      guard fields.node("etcd") == nil else {
        throw fields.mark.problem(
          "contradiction", "The service has two stores, sqlite and etcd.",
          remedy: "Keep one; 'virtcloud store migrate' carries over what the other has.")
      }
    }
    guard let etcd = try fields.fields("etcd", .etcd) else { return .sqlite }
    return .etcd(try store(etcd, files))
  }

  private static func store(
    _ fields: Fields, _ files: ConfigurationFiles
  ) throws(Problem) -> ServiceConfiguration.EtcdStore {
    let example = "[https://etcd-1.example.org:2379]"
    let endpoints =
      try fields.list("endpoints", example) { (text) throws(Problem) in try Bounds.url(text, ["https", "http"]) } ?? []
    guard !endpoints.isEmpty else {
      throw fields.mark.problem(
        "no-endpoints", "\(fields.subject) has no endpoints.", remedy: "Write at least one: \(example).")
    }
    var store = ServiceConfiguration.EtcdStore(endpoints: endpoints)
    store.authority = try fields.value("ca", files.readable)
    store.identity = try fields.both("certificate", "key", files.readable)
      .map { ServiceConfiguration.CertificateFiles(certificate: $0.0, key: $0.1) }
    store.prefix = try fields.value("prefix", prefix) ?? store.prefix
    return store
  }

  private static func prefix(_ text: String) throws(Problem) -> String {
    guard (1...255).contains(text.utf8.count), text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else {
      throw Problem(
        .invalid, "bad-prefix", "'\(text.excerpt)' is not 1 to 255 characters of ASCII without spaces.",
        remedy: "Write one such as /virtcloud/.")
    }
    return text
  }
}
