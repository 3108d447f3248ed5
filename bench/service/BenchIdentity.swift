import Cryptography
import Identity
import Quantities
import Service
import WebServer

/// An authority and a server's certificate by it, made anew for each run.
struct BenchIdentity {
  let authority: CertificateAuthority
  let server: TLSIdentity

  static func make() throws -> BenchIdentity {
    let now = Timestamp.now
    let authority = try CertificateAuthority.make(name: "bench", at: now)
    let key = try PrivateKey.make()
    let certificate = try authority.issueServer(
      names: [.ip(IPAddress(parsing: "127.0.0.1")), .dns("localhost")],
      for: CertificateRequest.make(for: key, commonName: "localhost"), at: now)
    return BenchIdentity(
      authority: authority, server: TLSIdentity(certificateChain: try certificate.pem(), key: try key.pem()))
  }

  func write(to folder: String) throws {
    try Files.write(authority.certificatePEM(), to: folder + "/authority.pem")
    try Files.write(server.certificateChain, to: folder + "/chain.pem")
    try Files.write(server.key, to: folder + "/key.pem")
  }

  /// An administrator's token, kept as any other. Once a process.
  static func token(of user: UserName, in records: some AccessRecords) throws -> String {
    var book = try records.load()
    let issued = try book.tokens.issue(
      to: Principal(user: user, origin: .token(id: "bench")), scopes: Scope.all, description: "", lifetime: nil,
      at: Timestamp.now)
    try records.save(book)
    return issued.text
  }
}
