import Cryptography
import Identity
import Quantities
import Testing

/// Certificates as grids have them, made by openssl(1): an authority with one below it, people with names of many
/// parts, and proxies (RFC 3820).
@Suite struct GridCertificateTests {
  private static let settings = """
    [authority]
    basicConstraints=critical,CA:TRUE
    keyUsage=critical,keyCertSign,cRLSign
    subjectKeyIdentifier=hash
    [person]
    basicConstraints=critical,CA:FALSE
    keyUsage=critical,digitalSignature,keyEncipherment
    [wrongusage]
    basicConstraints=critical,CA:FALSE
    keyUsage=critical,cRLSign
    [nocertsign]
    basicConstraints=critical,CA:FALSE
    keyUsage=critical,digitalSignature
    [proxy]
    keyUsage=critical,digitalSignature
    proxyCertInfo=critical,language:id-ppl-inheritAll
    [independent]
    keyUsage=critical,digitalSignature
    proxyCertInfo=critical,language:id-ppl-independent
    [limited]
    keyUsage=critical,digitalSignature
    proxyCertInfo=critical,language:1.3.6.1.4.1.3536.1.1.1.9
    [inherit1]
    keyUsage=critical,digitalSignature
    proxyCertInfo=critical,language:id-ppl-inheritAll,pathlen:0
    """

  /// Makes `<file>.pem` and `<file>.key` for a subject as `-subj` has it.
  private func make(
    _ command: borrowing OpenSSLCommand, _ file: String, _ subject: String, by issuer: String?, _ section: String,
    key: String = "ec", days: String = "30"
  ) throws {
    try command.write("settings", Self.settings)
    let strength = key == "ec" ? "ec_paramgen_curve:P-256" : "rsa_keygen_bits:\(key)"
    let request = try command.run(
      "req", "-new", "-newkey", key == "ec" ? "ec" : "rsa", "-pkeyopt", strength, "-nodes", "-utf8", "-multivalue-rdn",
      "-keyout", "./\(file).key", "-out", "./\(file).csr", "-subj", subject)
    try #require(request.status == 0, "\(request.text)")
    let by = issuer.map { ["-CA", "./\($0).pem", "-CAkey", "./\($0).key"] } ?? ["-signkey", "./\(file).key"]
    let signed = try command.run(
      "x509", "-req", "-in", "./\(file).csr", "-out", "./\(file).pem", "-days", days, "-extfile", "./settings",
      "-extensions", section, by[0], by[1], by.count > 2 ? by[2] : "-sha256", by.count > 2 ? by[3] : "-sha256")
    try #require(signed.status == 0, "\(signed.text)")
  }

  private func der(_ command: borrowing OpenSSLCommand, _ file: String) throws -> [UInt8] {
    try #require(try Certificate.read(pem: try command.read(file + ".pem")).first).der()
  }

  private func chain(_ command: borrowing OpenSSLCommand, _ files: String...) throws -> [[UInt8]] {
    var chain: [[UInt8]] = []
    for file in files { chain.append(try der(command, file)) }
    return chain
  }

  @Test func peopleOfAGridAndTheirProxies() throws {
    let command = try OpenSSLCommand()
    let now = currentTime()
    try make(command, "root", "/C=FR/O=Grid/CN=Grid CA", by: nil, "authority", key: "2048")
    try make(command, "middle", "/C=FR/O=Grid/CN=Grid CA 2", by: "root", "authority")
    try make(command, "anna", "/C=FR/O=Lab, Grenoble/OU=Physics/CN=Anna Müller", by: "middle", "person", key: "2048")
    let subject = "/C=FR/O=Lab, Grenoble/OU=Physics/CN=Anna Müller"
    for policy in ["proxy", "independent", "limited", "inherit1"] {
      try make(command, policy, subject + "/CN=1234", by: "anna", policy)
    }
    try make(command, "second", subject + "/CN=1234/CN=5", by: "proxy", "proxy")
    try make(command, "tooDeep", subject + "/CN=1234/CN=5", by: "inherit1", "proxy")
    try make(command, "thief", "/C=FR/O=Lab, Grenoble/OU=Physics/CN=Bob/CN=1", by: "anna", "proxy")
    try make(command, "issued", "/CN=root", by: "anna", "person")
    let root = try command.read("root.pem")
    let strict = try CertificateVerifier(authorities: [], foreign: [root])
    let grid = try CertificateVerifier(authorities: [], foreign: [root], allowsProxies: true)
    func code(_ verifier: CertificateVerifier, _ chain: [[UInt8]]) -> String? {
      problem { _ = try verifier.verify(chain: chain, at: now, purpose: .client) }?.code
    }
    let person = try strict.verify(chain: chain(command, "anna", "middle"), at: now, purpose: .client)
    let name = #"CN=Anna Müller,OU=Physics,O=Lab\, Grenoble,C=FR"#
    #expect(person.details.subject.description == name && !person.isOurs)
    #expect(person.details.issuer.description == "CN=Grid CA 2,O=Grid,C=FR")
    // A verifier that has seen the whole chain would remember.
    let fresh = try CertificateVerifier(authorities: [], foreign: [root])
    #expect(code(fresh, try chain(command, "anna")) == "certificate-foreign", "its issuer was not shown")
    let proxies = try chain(command, "proxy", "anna", "middle")
    #expect(code(strict, proxies) == "certificate-bad")
    let proxy = try grid.verify(chain: proxies, at: now, purpose: .client)
    #expect(proxy.details.subject.description == name && proxy.fingerprint != proxy.details.fingerprint)
    let deep = try grid.verify(chain: chain(command, "second", "proxy", "anna", "middle"), at: now, purpose: .client)
    #expect(deep.details.subject.description == name)
    for file in ["independent", "limited", "thief", "issued"] {
      #expect(code(grid, try chain(command, file, "anna", "middle")) == "certificate-bad", "\(file)")
    }
    #expect(code(grid, try chain(command, "tooDeep", "inherit1", "anna", "middle")) == "certificate-bad")
    // Whoever is denied has no proxies either.
    let denying = try CertificateVerifier(
      authorities: [], foreign: [root], denied: [person.fingerprint], allowsProxies: true)
    #expect(code(denying, proxies) == "certificate-revoked")
    let rule = GridRule(
      subject: try NamePattern(parsing: #"CN=*,OU=Physics,O=Lab\, Grenoble,C=FR"#),
      issuer: try NamePattern(parsing: "CN=Grid CA*,O=Grid,C=FR"), user: "anna")
    #expect(try AccessSettings(gridMap: [rule]).principal(certificate: proxy).user == user("anna"))
  }

  @Test func wrongUsesAndWeakKeys() throws {
    let command = try OpenSSLCommand()
    let now = currentTime()
    try make(command, "root", "/CN=CA", by: nil, "authority")
    try make(command, "wrong", "/CN=wrong", by: "root", "wrongusage")
    try make(command, "weak", "/CN=weak", by: "root", "person", key: "1024")
    try make(command, "leaf", "/CN=leaf", by: "root", "nocertsign")
    try make(command, "below", "/CN=below", by: "leaf", "person")
    try make(command, "self", "/CN=CA", by: nil, "person")
    let verifier = try CertificateVerifier(authorities: [], foreign: [try command.read("root.pem")])
    func code(_ chain: [[UInt8]]) -> String? {
      problem { _ = try verifier.verify(chain: chain, at: now, purpose: .client) }?.code
    }
    #expect(code(try chain(command, "leaf")) == nil)
    #expect(code(try chain(command, "wrong")) == "certificate-bad")
    #expect(code(try chain(command, "weak")) == "certificate-bad")
    #expect(code(try chain(command, "below", "leaf")) == "certificate-bad")
    #expect(code(try chain(command, "self")) == "certificate-foreign")
    let later = now + .seconds(40 * 86400)
    #expect(
      problem { _ = try verifier.verify(chain: chain(command, "leaf"), at: later, purpose: .client) }?.code
        == "certificate-expired")
  }

  /// Text forms as openssl(1) writes them by RFC 2253, which for these names is the same as RFC 4514.
  @Test(arguments: [
    "/C=FR/O=Lab, Grenoble/CN=Anna", "/DC=org/DC=grid/OU=People/CN=Jürgen Ärger 漢字 🦊", #"/CN=a\/b/O=x"#,
    "/CN=# lead/O= spaces ", "/O=a+CN=b/C=DE", "/CN=\"quoted\" <x>;y\\\\z", "/UID=anna/emailAddress=a@b.fr/CN=a",
  ])
  func namesReadAsOpensslReadsThem(_ subject: String) throws {
    let command = try OpenSSLCommand()
    try make(command, "x", subject, by: nil, "person")
    let written = try command.run(
      "x509", "-in", "./x.pem", "-noout", "-subject", "-nameopt", "RFC2253,-esc_msb,utf8")
    let text = String(written.text.dropFirst("subject=".count).filter { $0 != "\n" })
    let name = try CertificateDetails(pem: command.read("x.pem")).subject
    #expect(try DistinguishedName(parsing: text) == name, "\(text) and \(name)")
    #expect(try DistinguishedName(parsing: name.description) == name)
  }

  @Test func aGridsOwnList() throws {
    let command = try OpenSSLCommand()
    let now = currentTime()
    try make(command, "root", "/CN=CA", by: nil, "authority")
    try make(command, "anna", "/CN=anna", by: "root", "person")
    try command.write("index", "")
    try command.write(
      "ca.conf",
      """
      [ca]
      default_ca=it
      [it]
      database=\(command.path("index"))
      default_md=sha256
      default_crl_days=1
      """)
    let revoked = try command.run(
      "ca", "-config", "./ca.conf", "-cert", "./root.pem", "-keyfile", "./root.key", "-revoke", "./anna.pem")
    try #require(revoked.status == 0, "\(revoked.text)")
    let made = try command.run(
      "ca", "-config", "./ca.conf", "-cert", "./root.pem", "-keyfile", "./root.key", "-gencrl", "-out", "./list.pem")
    try #require(made.status == 0, "\(made.text)")
    let (root, list) = (try command.read("root.pem"), try command.read("list.pem"))
    let verifier = try CertificateVerifier(authorities: [], foreign: [root], revocationLists: [list])
    let refused = problem { _ = try verifier.verify(chain: chain(command, "anna"), at: now, purpose: .client) }
    #expect(refused?.code == "certificate-revoked")
  }
}
