import CommandLine
import Controller
import Quantities
import Store
import WebClient

/// `virtcloud store`.
struct StoreVerbs: CommandGroup {
  static let about = About(
    "store", "What must survive, as a whole: back it up, bring it back, move it between SQLite and etcd.",
    subcommands: [Backup.self, Restore.self, Migrate.self])

  /// `virtcloud store backup`.
  struct Backup: Command {
    static let about = About(
      "backup", "Write all documents and counters into one new file, as they are at one moment.",
      discussion: "It may be done while controllers work. The file is for its owner alone: it holds secrets.",
      examples: [Example("virtcloud store backup monday.backup", "Keep what there is")])

    @Argument("FILE", help: "the new file", completion: .file(suffixes: [".backup"])) var file: String
    var place = StoreOptions()
    var output = OutputOptions()

    func run(_ context: Context) async throws {
      let archive = try StoreArchive(of: place.existing(), created: .now)
      try archive.write(to: file)
      context.say("\(archive.entries.count) documents are in '\(file)'", output)
    }
  }

  /// `virtcloud store restore`.
  struct Restore: Command {
    static let about = About(
      "restore", "Bring a backup back: all of it or nothing; what was written is read back.",
      discussion: "Controllers must be stopped first.",
      examples: [Example("virtcloud store restore monday.backup --replace", "Go back to Monday")])

    @Argument("FILE", help: "the backup", completion: .file(suffixes: [".backup"])) var file: String
    @Flag(help: "remove what the store holds already") var replace: Bool
    var place = StoreOptions()
    var output = OutputOptions()

    func run(_ context: Context) async throws {
      let archive = try StoreArchive.read(file)
      try place.alone { try archive.put(into: $0, replacing: replace) }
      context.say("\(archive.entries.count) documents are back", output)
    }
  }

  /// `virtcloud store migrate`.
  struct Migrate: Command {
    static let about = About(
      "migrate", "Copy everything from SQLite to etcd or back, and compare the two; the source stays as it is.",
      discussion: "Controllers must be stopped first.",
      examples: [
        Example(
          "virtcloud store migrate --to etcd --etcd https://10.0.0.1:2379,https://10.0.0.2:2379",
          "Go from one controller to several")
      ])

    @Option(value: "KIND", help: "where everything goes: sqlite or etcd") var to: StoreKind?
    @Flag(help: "remove what the target holds already") var replace: Bool
    var place = StoreOptions()
    var output = OutputOptions()

    func run(_ context: Context) async throws {
      guard let to else {
        throw Problem(
          .invalid, "no-target", "It is not said where everything should go.", remedy: "Add --to sqlite or --to etcd.")
      }
      let count = try place.locked {
        let source = to == .etcd ? try place.existingSQLite() : try place.etcdStore()
        let target = to == .etcd ? try place.etcdStore() : try place.sqlite()
        let archive = try StoreArchive(of: source, created: .now)
        try archive.put(into: target, replacing: replace)
        return archive.entries.count
      }
      context.say("\(count) documents are in \(to.rawValue) now", output)
    }
  }
}

/// The kinds of stores there are.
enum StoreKind: String, CaseIterable, ArgumentValue {
  case sqlite
  case etcd
}

/// Which store a verb works on: etcd where that is named, else the installation's SQLite file.
struct StoreOptions: ParameterGroup {
  var installation = InstallationOptions()
  @Option(value: "URLS", help: "etcd's client URLs, separated by commas") var etcd: String?
  @Option(value: "PREFIX", help: "what etcd's keys begin with (default: /virtcloud)") var etcdPrefix: String?
  @Option(value: "FILE", help: "certificates of the authority that etcd's members have theirs from") var etcdCa: String?
  @Option(value: "FILE", help: "certificate to show to etcd") var etcdCert: String?
  @Option(value: "FILE", help: "private key of that certificate") var etcdKey: String?

  /// The store, which must be there already.
  func existing() throws -> any Store { try etcd == nil ? existingSQLite() : etcdStore() }

  /// Runs `body` on the store, kept for itself.
  func alone<Result>(_ body: (any Store) throws -> Result) throws -> Result {
    if etcd != nil { return try body(etcdStore()) }
    return try locked { try body(sqlite()) }
  }

  /// Runs `body` while no controller can use the SQLite file.
  func locked<Result>(_ body: () throws -> Result) throws -> Result {
    let lock = try FileLock.demand(installation.installation().lockPath, toward: "change the store")
    let result = try body()
    _ = consume lock
    return result
  }

  func sqlite() throws -> any Store { try installation.installation().openStore() }

  func existingSQLite() throws -> any Store {
    let place = try installation.installation()
    guard !place.isEmpty else {
      throw Problem(
        .notFound, "no-state", "There is no state in '\(place.stateDirectory)'.",
        remedy: "Name the right folder with --state, or etcd with --etcd.")
    }
    return try place.openStore()
  }

  func etcdStore() throws -> any Store {
    guard let etcd else {
      throw Problem(.invalid, "no-etcd", "It is not said where etcd is.", remedy: "Add --etcd with its client URLs.")
    }
    let endpoints = try etcd.split(separator: ",").map { try Endpoint(String($0)) }
    let cluster = try EtcdCluster(endpoints: endpoints, tls: try tls())
    return try EtcdStore(cluster: cluster, prefix: etcdPrefix ?? "/virtcloud")
  }

  private func tls() throws -> ClientTLS {
    let authority = etcdCa.map { ClientTLS.Authority.file($0) } ?? .system
    switch (etcdCert, etcdKey) {
    case (nil, nil): return ClientTLS(authority: authority)
    case (let certificate?, let key?):
      return ClientTLS(authority: authority, identity: .files(certificate: certificate, key: key))
    default:
      throw Problem(
        .invalid, "half-a-certificate", "A certificate without its key, or a key without its certificate.",
        remedy: "Give both --etcd-cert and --etcd-key.")
    }
  }
}
