import CommandLine
import Controller
import Identity
import Infrastructure
import Linux
import Quantities
import Service
import WebServer

/// A site's controller with an administrator's token, for who measures.
struct ServeBench: Command {
  static let about = About(
    "serve", "A controller over TLS on a free port of 127.0.0.1, until SIGTERM.",
    discussion: """
      Prints the port and a token when it is ready. The folder gets authority.pem, and chain.pem and key.pem for \
      others that shall serve beside it. The service is the program's own: routes, identity, engine and store.
      """)
  @Option(value: "FOLDER", help: "the state directory: an absolute path") var state: String = ""
  @Option(value: "URL", help: "keep the state in this etcd") var etcd: String?
  @Option(value: "PORT", help: "0 is a free one") var port: Int = 0
  @Flag(help: "apply the substrate first") var apply: Bool
  var substrate = SubstrateOptions()

  func run(_ context: Context) async throws {
    let start = ContinuousClock.now
    let signals = try ProcessSignals()
    let pki = try BenchIdentity.make()
    try pki.write(to: state)
    let cloud = try BenchCloud.open(state, etcd: etcd)
    let loaded = elapsed(since: start)
    cloud.start()
    if apply { _ = try await cloud.submit(.applySubstrate(substrate.substrate()), by: Caller(user: "bench")) }
    let user = try UserName(parsing: "bench")
    let records = CloudRecords(cloud)
    let token = try BenchIdentity.token(of: user, in: records)
    let server = try ServiceServer(cloud: cloud, settings: try settings(pki, user, records))
    try context.print([
      ("port", .int(Int(server.ports[0]))), ("token", .string(token)), ("load_seconds", .double(loaded)),
      ("infrastructures", .int(cloud.view.records.count)),
    ])
    while try signals.wait(milliseconds: 1000) != .end {}
    server.stop()
    cloud.stop()
  }

  private func settings(
    _ pki: BenchIdentity, _ user: UserName, _ records: CloudRecords
  ) throws -> ServiceSettings {
    var settings = ServiceSettings()
    settings.listeners = [.tcp(address: "127.0.0.1", port: UInt16(clamping: port), tls: pki.server)]
    settings.access = AccessSettings(roles: [.user(user): .administrator])
    settings.records = records
    settings.hostAuthority = pki.authority
    let verifier = try CertificateVerifier(authorities: [pki.authority.certificatePEM()])
    settings.verifier = { verifier }
    settings.log = .none
    // One user asks for everything here.
    settings.requestsPerSecond = nil
    return settings
  }
}
