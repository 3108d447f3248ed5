import COpenSSL
import Cryptography
import Glibc
import Identity
import Linux
import Quantities
import Testing

/// The clock of openssl(1) is the machine's, so certificates that it looks at are made now.
func currentTime() -> Timestamp { Timestamp(seconds: Int64(time(nil))) }

func problem(_ body: () throws -> Void) -> Problem? {
  do {
    try body()
    return nil
  } catch let problem as Problem {
    return problem
  } catch {
    Issue.record("\(error) is no problem")
    return nil
  }
}

@Suite struct AuthorityTests {
  @Test func opensslAcceptsWhatTheAuthorityMakes() throws {
    let command = try OpenSSLCommand()
    let authority = try CertificateAuthority.make(name: "cloud", at: currentTime())
    try command.write("ca.pem", try authority.certificatePEM())
    let text = try command.run("x509", "-in", "./ca.pem", "-noout", "-text").text
    for part in [
      "CA:TRUE, pathlen:0", "Certificate Sign, CRL Sign", "NIST CURVE: P-256", "ecdsa-with-SHA256",
      "X509v3 Basic Constraints: critical", "X509v3 Key Usage: critical", "Subject: O = virtcloud, CN = cloud",
    ] { #expect(text.contains(part), "no '\(part)' in \(text)") }
    let key = try PrivateKey.make()
    let request = try CertificateRequest.make(for: key, commonName: "whatever")
    let names = [
      try AlternativeName(parsing: "cloud.lab.fr"), try AlternativeName(parsing: "10.0.0.1"),
      try AlternativeName(parsing: "fd00::1"),
    ]
    let server = try authority.issueServer(names: names, for: request, at: currentTime())
    let host = try authority.issueHost(name("h1"), for: request, at: currentTime())
    let anna = try authority.issueUser(user("anna"), for: request, at: currentTime())
    for (certificate, purpose) in [(server, "sslserver"), (host, "sslclient"), (anna, "sslclient")] {
      try command.write("leaf.pem", try certificate.pem())
      let answer = try command.run("verify", "-x509_strict", "-CAfile", "./ca.pem", "-purpose", purpose, "./leaf.pem")
      #expect(answer.status == 0, "\(answer.text)")
    }
    try command.write("leaf.pem", try server.pem())
    let leaf = try command.run("x509", "-in", "./leaf.pem", "-noout", "-text").text
    #expect(leaf.contains("DNS:cloud.lab.fr, IP Address:10.0.0.1, IP Address:FD00:0:0:0:0:0:0:1"))
    #expect(leaf.contains("TLS Web Server Authentication") && !leaf.contains("Client Authentication"))
    for (option, host) in [("-verify_hostname", "cloud.lab.fr"), ("-verify_ip", "fd00::1")] {
      #expect(try command.run("verify", "-CAfile", "./ca.pem", option, host, "./leaf.pem").status == 0)
    }
    let details = try CertificateDetails(server)
    #expect(details.alternativeNames == names && details.serial.count == 34)
    let print = try command.run("x509", "-in", "./leaf.pem", "-noout", "-fingerprint", "-sha256", "-serial").text
    #expect(print.contains("serial=" + details.serial.uppercased()))
    #expect(print.filter { $0 != ":" }.contains("=" + details.fingerprint.uppercased()))
  }

  @Test func namesAreTheAuthoritysNotTheRequests() throws {
    let command = try OpenSSLCommand()
    let made = try command.run(
      "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "./key.pem", "-out",
      "./request.pem", "-subj", "/CN=h2/O=agents", "-addext", "subjectAltName=DNS:h2", "-addext",
      "basicConstraints=CA:TRUE")
    #expect(made.status == 0, "\(made.text)")
    let authority = try CertificateAuthority.make(name: "cloud", at: currentTime())
    let host = try authority.issueHost(
      name("h1"), for: CertificateRequest(pem: try command.read("request.pem")), at: currentTime())
    let details = try CertificateDetails(host)
    #expect(details.subject.description == "CN=h1,O=agents" && details.issuer.description == "CN=cloud,O=virtcloud")
    #expect(details.alternativeNames == [.dns("h1")] && !details.isAuthority)
    #expect(try Credential(key: PrivateKey(pem: try command.read("key.pem")), certificate: host).certificate === host)
  }

  @Test func requestsThatProveNothingAreRefused() throws {
    let command = try OpenSSLCommand()
    let authority = try CertificateAuthority.make(name: "cloud", at: currentTime())
    func code(_ pem: String) -> String? {
      problem { _ = try authority.issueHost(name("h1"), for: CertificateRequest(pem: pem), at: currentTime()) }?.code
    }
    let good = try CertificateRequest.make(for: PrivateKey.make(), commonName: "h1").pem
    #expect(code(good) == nil)
    let lines = good.split(separator: "\n").map(String.init)
    // The last whole line of the body lies in the signature.
    var forged = lines
    let line = forged.count - 3
    forged[line] = String(forged[line].dropLast()) + (forged[line].hasSuffix("A") ? "B" : "A")
    #expect(code(forged.joined(separator: "\n")) == "request-bad")
    for bad in [
      "", "x", lines.dropLast().joined(separator: "\n"), good.replacing("REQUEST", with: "OTHER"),
      String(repeating: "A", count: 20_000),
    ] { #expect(code(bad) == "request-bad") }
    try command.run(
      "req", "-new", "-newkey", "rsa:1024", "-nodes", "-keyout", "./key.pem", "-out", "./weak.pem", "-subj", "/CN=h1")
    #expect(code(try command.read("weak.pem")) == "request-bad")
    #expect(
      problem { _ = try authority.issueUser(user("@h1"), for: CertificateRequest(pem: good), at: currentTime()) }?.code
        == "bad-user-name")
    #expect(
      problem { _ = try authority.issueServer(names: [], for: CertificateRequest(pem: good), at: currentTime()) }?.code
        == "bad-server-name")
  }

  @Test func serialNumbersDiffer() throws {
    let authority = try CertificateAuthority.make(name: "cloud", at: currentTime())
    let request = try CertificateRequest.make(for: PrivateKey.make(), commonName: "x")
    let serials = try (0..<50).map { _ in
      try CertificateDetails(authority.issueHost(name("h1"), for: request, at: currentTime())).serial
    }
    #expect(Set(serials).count == 50)
  }

  @Test func lifeAndRenewal() throws {
    let now = currentTime()
    let authority = try CertificateAuthority.make(name: "cloud", at: now)
    let request = try CertificateRequest.make(for: PrivateKey.make(), commonName: "x")
    let details = try CertificateDetails(
      authority.issueHost(name("h1"), for: request, life: .seconds(90 * 86400), at: now))
    #expect(details.notBefore == now + .seconds(-300) && details.notAfter == now + .seconds(90 * 86400))
    #expect(
      !details.isRenewalDue(at: now + .seconds(59 * 86400)) && details.isRenewalDue(at: now + .seconds(61 * 86400)))
    let authorityEnd = try CertificateDetails(authority.certificate).notAfter
    let late = now + .seconds(3600 * 86400)
    let last = try CertificateDetails(
      authority.issueHost(name("h1"), for: request, life: .seconds(90 * 86400), at: late))
    #expect(last.notAfter == authorityEnd, "none outlives its authority")
    let dead = problem { _ = try authority.issueHost(name("h1"), for: request, at: authorityEnd + .seconds(1)) }
    #expect(dead?.code == "authority-bad")
  }

  @Test func anAuthorityComesBackFromItsFile() throws {
    let command = try OpenSSLCommand()
    let authority = try CertificateAuthority.make(name: "cloud", at: currentTime())
    let file = command.path("authority.pem")
    try authority.credential().write(to: file)
    var status = stat()
    #expect(stat(file, &status) == 0 && status.st_mode & 0o7777 == 0o600)
    let copy = try CertificateAuthority(Credential.load(file))
    #expect(try copy.certificatePEM() == authority.certificatePEM())
    #expect(try PrivateFile.names(in: command.folder) == ["authority.pem"])
    try check(chmod(file, 0o640), "change mode of", file)
    #expect(problem { _ = try Credential.load(file) }?.code == "key-exposed")
    let other = try CertificateAuthority.make(name: "cloud", at: currentTime())
    #expect(
      problem { _ = try CertificateAuthority(certificatePEM: authority.certificatePEM(), keyPEM: other.keyPEM()) }?.code
        == "authority-bad")
    #expect(
      problem { _ = try CertificateAuthority(certificatePEM: "x", keyPEM: other.keyPEM()) }?.code == "certificate-bad")
    #expect(problem { _ = try PrivateKey(pem: authority.certificatePEM()) }?.code == "key-bad")
    let key = try PrivateKey.make()
    let leaf = try authority.issueHost(
      name("h1"), for: CertificateRequest.make(for: key, commonName: ""), at: currentTime())
    #expect(problem { _ = try CertificateAuthority(Credential(key: key, certificate: leaf)) }?.code == "authority-bad")
  }

  /// A key with a password must be refused, not asked for at the terminal.
  @Test func anEncryptedKeyIsRefused() throws {
    let command = try OpenSSLCommand()
    try command.run(
      "genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-aes256", "-pass", "pass:secret", "-out",
      "./key.pem")
    let pem = try command.read("key.pem")
    #expect(problem { _ = try PrivateKey(pem: pem) }?.code == "key-bad")
  }

  @Test func opensslSeesWhatIsRevoked() throws {
    let command = try OpenSSLCommand()
    let now = currentTime()
    let authority = try CertificateAuthority.make(name: "cloud", at: now)
    let request = try CertificateRequest.make(for: PrivateKey.make(), commonName: "x")
    let (good, bad) = (
      try authority.issueHost(name("h1"), for: request, at: now),
      try authority.issueHost(name("h2"), for: request, at: now)
    )
    let list = try authority.revocationList(
      of: [Revocation(serial: CertificateDetails(bad).serial, time: now)], number: 7, at: now)
    try command.write("ca.pem", try authority.certificatePEM())
    try command.write("list.pem", try list.pem())
    try command.write("good.pem", try good.pem())
    try command.write("bad.pem", try bad.pem())
    #expect(try command.run("crl", "-in", "./list.pem", "-CAfile", "./ca.pem", "-noout").text.contains("verify OK"))
    func verify(_ file: String) throws -> (status: Int32, text: String) {
      try command.run("verify", "-CAfile", "./ca.pem", "-crl_check", "-CRLfile", "./list.pem", file)
    }
    #expect(try verify("./good.pem").status == 0)
    let answer = try verify("./bad.pem")
    #expect(answer.status != 0 && answer.text.contains("certificate revoked"))
    for serial in ["", "x", "ABCD", "abc", String(repeating: "a", count: 42)] {
      let fault = problem {
        _ = try authority.revocationList(of: [Revocation(serial: serial, time: now)], number: 1, at: now)
      }
      #expect(fault?.code == "bad-serial-number")
    }
  }

  @Test(arguments: [
    "", "a b", "-x", "a,DNS:evil", "a\0b", "dirName:x", "1.2.3", "*.lab.fr", "a_b",
    String(repeating: "a.", count: 130) + "a",
  ])
  func serverNamesThatAreNone(_ text: String) {
    if text == "1.2.3" {
      // Nobody's address, but labels that a host may have.
      #expect(throws: Never.self) { try AlternativeName(parsing: text) }
    } else {
      #expect(problem { _ = try AlternativeName(parsing: text) }?.code == "bad-server-name")
    }
  }
}
