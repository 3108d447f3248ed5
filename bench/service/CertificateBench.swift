import CommandLine

/// Writes certificates for others that are measured beside the service.
struct CertificateBench: Command {
  static let about = About("certificate", "Write chain.pem and key.pem for 127.0.0.1, and authority.pem.")
  @Option(value: "FOLDER", help: "where") var to: String = "."

  func run(_ context: Context) async throws {
    try BenchIdentity.make().write(to: to)
    try context.print([("folder", .string(to))])
  }
}
