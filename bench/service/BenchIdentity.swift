import Cryptography
import Identity
import Quantities
import Service
import WebServer

/// An authority, a server's certificate by it, and an administrator's token, made anew for each run.
struct BenchIdentity: AccessRecords {
  let authority: CertificateAuthority
  let server: TLSIdentity
  let user: UserName
  /// Of the administrator's, as it is sent.
  let token: String
  private let book: AccessBook

  static func make() throws -> BenchIdentity {
    let now = Timestamp.now
    let authority = try CertificateAuthority.make(name: "bench", at: now)
    let key = try PrivateKey.make()
    let certificate = try authority.issueServer(
      names: [.ip(IPAddress(parsing: "127.0.0.1")), .dns("localhost")],
      for: CertificateRequest.make(for: key, commonName: "localhost"), at: now)
    let user = try UserName(parsing: "bench")
    var book = AccessBook()
    let issued = try book.tokens.issue(
      to: Principal(user: user, origin: .token(id: "bench")), scopes: Scope.all, description: "", lifetime: nil, at: now
    )
    return BenchIdentity(
      authority: authority, server: TLSIdentity(certificateChain: try certificate.pem(), key: try key.pem()),
      user: user, token: issued.text, book: book)
  }

  func write(to folder: String) throws {
    try Files.write(authority.certificatePEM(), to: folder + "/authority.pem")
    try Files.write(server.certificateChain, to: folder + "/chain.pem")
    try Files.write(server.key, to: folder + "/key.pem")
  }

  func load() -> AccessBook { book }

  /// Enrolments need not outlive the measurement.
  func save(_: AccessBook) {}
}
