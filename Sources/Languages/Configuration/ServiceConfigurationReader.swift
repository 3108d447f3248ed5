import Infrastructure
import Quantities

/// Reads the configuration of `virtcloud serve` (docs/operating.md).
public enum ServiceConfigurationReader {
  /// The configuration that `text` describes: every file that it names can be read, every path is absolute.
  ///
  /// - Parameters:
  ///   - text: UTF-8, at most 8 MiB.
  ///   - file: how the file is called in problems' locations.
  ///   - environment: what `${VAR}` stands for.
  ///   - files: looks for the files that it names.
  /// - Throws: a problem of kind `invalid` whose location is `FILE:LINE:COLUMN`, counted from 1.
  public static func read(
    text: [UInt8], file: String, environment: [String: String], files: ConfigurationFiles = .ofThisMachine
  ) throws(Problem) -> ServiceConfiguration {
    let root = try YAMLLoader.load(text, file: file, environment: environment)
    let fields = try Fields(root, .service, of: "The service")
    var service = ServiceConfiguration()
    service.name = try fields.value("name", Name.init(parsing:))
    service.url = try fields.value("url") { (text) throws(Problem) in try Bounds.url(text, ["https", "http"]) }
    service.listen = try listen(fields)
    try read(into: &service.socket, fields)
    service.stateDirectory = try fields.path("state") ?? service.stateDirectory
    service.store = try StoreSection.store(fields, files) ?? service.store
    service.credentials = try CredentialsSection.credentials(fields, files) ?? service.credentials
    service.trust = try fields.list("trust", "[/etc/virtcloud/trust/grid.pem]", files.readable) ?? []
    service.revocationLists =
      try fields.list("revocation-lists", "[/etc/virtcloud/trust/grid.crl.pem]", files.readable) ?? []
    service.access = try RulesSection.access(fields) ?? service.access
    service.projects = try ProjectSection.projects(fields)
    try OperationSection.read(into: &service, fields)
    service.logging = try OperationSection.logging(fields)
    service.hasLocalAgent = try fields.value("local-agent", Bounds.flag) ?? service.hasLocalAgent
    return service
  }

  /// Throws `duplicate-address` or what is wrong with an address.
  private static func listen(_ fields: Fields) throws(Problem) -> [ListenAddress] {
    var addresses: [ListenAddress] = []
    let elements = try fields.node("listen")?.elements(
      of: fields.subject(of: "listen"), example: "[{address: \"::\", port: 7743}]")
    for element in elements ?? [] {
      let fields = try Fields(element, .listen, of: "The listen address")
      let address = ListenAddress(
        address: try fields.required("address", IPAddress.init(parsing:)),
        port: try fields.required("port", Bounds.port))
      guard !addresses.contains(address) || address.port == 0 else {
        throw element.mark.problem(
          "duplicate-address", "The service listens on '\(address.address)', port \(address.port), a second time.",
          remedy: "Remove one of the two.")
      }
      addresses.append(address)
    }
    return addresses
  }

  private static func read(into socket: inout ServiceConfiguration.LocalSocket, _ fields: Fields) throws(Problem) {
    guard let fields = try fields.fields("socket", .socket) else { return }
    // sun_path has 108 bytes, the last of which is zero (unix(7)).
    socket.path =
      try fields.value("path") { (text) throws(Problem) in try Bounds.path(text, upTo: 107) } ?? socket.path
    socket.mode = try fields.value("mode", Bounds.mode) ?? socket.mode
  }
}

extension Fields {
  /// The elements of a list, or one single value, each read by `parse`; nil where the key is absent.
  func list<T>(_ key: String, _ example: String, _ parse: (String) throws(Problem) -> T) throws(Problem) -> [T]? {
    guard let node = node(key) else { return nil }
    var values: [T] = []
    for element in try node.oneOrMany(of: subject(of: key), example: example) {
      values.append(try element.value(of: subject(of: key), parse))
    }
    return values
  }

  /// An absolute path; nothing need be there.
  func path(_ key: String) throws(Problem) -> String? {
    try value(key) { (text) throws(Problem) in try Bounds.path(text) }
  }

  /// Two keys that need each other; nil where both are absent. Throws `missing-key`.
  func both(
    _ first: String, _ second: String, _ parse: (String) throws(Problem) -> String
  ) throws(Problem) -> (String, String)? {
    let values = (try value(first, parse), try value(second, parse))
    switch values {
    case (nil, nil): return nil
    case (let one?, let other?): return (one, other)
    default:
      let missing = values.0 == nil ? first : second
      throw mark.problem(
        "missing-key", "\(subject) has '\(values.0 == nil ? second : first)', but no '\(missing)'.",
        remedy: "Add '\(missing):' to it, or remove the other.")
    }
  }
}
