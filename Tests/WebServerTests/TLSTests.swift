import Glibc
import Linux
import Quantities
import Testing
import WebServer

/// What TLS adds, with curl(1) and OpenSSL at the other end.
struct TLSTests {
  private static let curl = "/usr/bin/curl"

  /// Makes `NAME.pem` and `NAME.key`, signed by `issuer` or by themselves.
  private func make(_ name: String, in folder: TestFolder, issuer: String? = nil) throws -> TLSIdentity {
    let signer = issuer.map { ["-CA", folder.file($0 + ".pem"), "-CAkey", folder.file($0 + ".key")] } ?? []
    let arguments = [
      "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
      "-subj", "/CN=\(name)", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", folder.file(name + ".key"), "-out",
      folder.file(name + ".pem"),
    ]
    try ProcessRun.spawn("/usr/bin/openssl", arguments + signer)
    return TLSIdentity(certificateChain: folder.text(name + ".pem"), key: folder.text(name + ".key"))
  }

  private func hexadecimal(_ name: String, in folder: TestFolder) throws -> String {
    try ProcessRun.spawn(
      "/usr/bin/openssl",
      ["openssl", "x509", "-in", folder.file(name + ".pem"), "-outform", "DER", "-out", folder.file(name + ".der")])
    let file = try Descriptor(opening: folder.file(name + ".der"), O_RDONLY)
    var bytes = [UInt8](repeating: 0, count: 1 << 14)
    let count = read(file.rawValue, &bytes, bytes.count)
    return bytes.prefix(max(0, count)).map { String($0, radix: 16) }.joined(separator: ".")
  }

  @Test func `a client's certificates reach the handler as they came, and none do where it has none`() throws {
    let folder = try TestFolder()
    let server = try TestServer(tls: try make("server", in: folder))
    _ = try make("authority", in: folder)
    _ = try make("client", in: folder, issuer: "authority")
    let url = "https://127.0.0.1:\(server.port)/peer"
    let trust = folder.file("server.pem")
    #expect(try folder.run(Self.curl, "-sS", "--cacert", trust, url) == "remote 127.0.0.1")
    let (client, authority) = try (hexadecimal("client", in: folder), hexadecimal("authority", in: folder))
    #expect(
      try folder.run(
        Self.curl, "-sS", "--cacert", trust, "--cert", folder.file("client.pem"), "--key", folder.file("client.key"),
        url) == "remote 127.0.0.1 " + client)
    let chain = try Descriptor(opening: folder.file("chain.pem"), O_WRONLY | O_CREAT)
    for name in ["client.pem", "authority.pem"] {
      let text = Array(folder.text(name).utf8)
      let count = write(chain.rawValue, text, text.count)
      #expect(count == text.count)
    }
    #expect(
      try folder.run(
        Self.curl, "-sS", "--cacert", trust, "--cert", folder.file("chain.pem"), "--key", folder.file("client.key"),
        url) == "remote 127.0.0.1 \(client) \(authority)")
  }

  @Test func `a session that is taken up again is still the same client's`() throws {
    let folder = try TestFolder()
    let server = try TestServer(tls: try make("server", in: folder))
    _ = try make("client", in: folder)
    let certificate = try hexadecimal("client", in: folder)
    let request = Array("GET /peer HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8)
    let file = try Descriptor(opening: folder.file("request"), O_WRONLY | O_CREAT)
    let count = write(file.rawValue, request, request.count)
    #expect(count == request.count)
    let (place, session) = ("127.0.0.1:\(server.port)", folder.file("session"))
    let first = try folder.run(
      "/usr/bin/openssl", "s_client", "-connect", place, "-ign_eof", "-cert", folder.file("client.pem"), "-key",
      folder.file("client.key"), "-sess_out", session, input: folder.file("request"))
    #expect(first?.range(of: "New, TLSv1.3") != nil && first?.range(of: "remote 127.0.0.1 " + certificate) != nil)
    let second = try folder.run(
      "/usr/bin/openssl", "s_client", "-connect", place, "-ign_eof", "-sess_in", session,
      input: folder.file("request"))
    #expect(second?.range(of: "Reused, TLSv1.3") != nil && second?.range(of: "remote 127.0.0.1 " + certificate) != nil)
  }

  @Test func `only TLS 1.3 is spoken, and plain text is not`() throws {
    let folder = try TestFolder()
    let server = try TestServer(tls: try make("server", in: folder))
    let url = "https://127.0.0.1:\(server.port)/x"
    let trust = folder.file("server.pem")
    #expect(try folder.run(Self.curl, "-sS", "--cacert", trust, "--tls-max", "1.2", url) == nil)
    let client = try RawClient(port: server.port)
    client.send("GET /x HTTP/1.1\r\nHost: x\r\n\r\n")
    #expect(client.isClosed(within: 5))
    #expect(try folder.run(Self.curl, "-sS", "--cacert", trust, "--tlsv1.3", url) == #"GET ["x"] [] 0 -"#)
  }

  @Test func `half a handshake is closed in time`() throws {
    let folder = try TestFolder()
    var limits = Limits()
    limits.requestSeconds = 1
    let server = try TestServer(limits, tls: try make("server", in: folder))
    let silent = try RawClient(port: server.port)
    let begun = try RawClient(port: server.port)
    begun.send([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])
    #expect(silent.isClosed(within: 4))
    #expect(begun.isClosed(within: 4))
  }

  @Test func `another identity is shown from now on`() throws {
    let folder = try TestFolder()
    let server = try TestServer(tls: try make("old", in: folder))
    let url = "https://127.0.0.1:\(server.port)/x"
    let new = try make("new", in: folder)
    #expect(try folder.run(Self.curl, "-sS", "--cacert", folder.file("new.pem"), url) == nil)
    try server.server.replace(identity: new)
    #expect(try folder.run(Self.curl, "-sS", "--cacert", folder.file("new.pem"), url) != nil)
    #expect(try folder.run(Self.curl, "-sS", "--cacert", folder.file("old.pem"), url) == nil)
  }

  @Test func `identities that do not fit are named`() throws {
    let folder = try TestFolder()
    let (one, other) = (try make("one", in: folder), try make("other", in: folder))
    let wrong: [(TLSIdentity, String)] = [
      (TLSIdentity(certificateChain: one.certificateChain, key: other.key), "key-of-another-certificate"),
      (TLSIdentity(certificateChain: "", key: one.key), "unreadable-identity"),
      (TLSIdentity(certificateChain: one.certificateChain, key: "no key"), "unreadable-identity"),
    ]
    for (identity, code) in wrong {
      #expect { try TestServer(tls: identity) } throws: { ($0 as? Problem)?.code == code }
    }
  }

  @Test func `large bodies, later answers and streams work over TLS`() throws {
    let folder = try TestFolder()
    let server = try TestServer(tls: try make("server", in: folder))
    let (base, trust) = ("https://127.0.0.1:\(server.port)", folder.file("server.pem"))
    #expect(try folder.run(Self.curl, "-sS", "--cacert", trust, "-o", folder.file("big"), "\(base)/big") != nil)
    var status = stat()
    #expect(stat(folder.file("big"), &status) == 0 && status.st_size == 8 << 20)
    #expect(
      try folder.run(Self.curl, "-sS", "--cacert", trust, "--data-binary", "@" + folder.file("big"), "\(base)/x")?
        .range(of: "body-too-large") != nil)
    let handler = server.handler
    let thread = try TestThread {
      handler.keptReply()?.send(Response(status: 200, body: Array("later".utf8)))
      guard let stream = handler.keptStream() else { return }
      for number in 0..<3 {
        usleep(50_000)
        stream.write(Array("\(number) ".utf8))
      }
      stream.finish()
    }
    #expect(try folder.run(Self.curl, "-sS", "--cacert", trust, "\(base)/keep") == "later")
    #expect(try folder.run(Self.curl, "-sS", "--cacert", trust, "\(base)/stream") == "0 1 2 ")
    thread.join()
  }
}
