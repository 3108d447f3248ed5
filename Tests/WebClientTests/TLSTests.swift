import Glibc
import Linux
import Quantities
import TestSupport
import Testing
import WebClient

private let hasOpenSSL = access("/usr/bin/openssl", X_OK) == 0 || KernelTest.isStrict

/// Against OpenSSL's own test server.
@Suite(.enabled(if: hasOpenSSL, "openssl is not installed; skipped")) struct TLSTests {
  private func code(_ url: String, _ tls: ClientTLS?) -> String {
    do {
      return "\(try WebClient(base: .url(url), tls: tls).send("GET", "/", timeout: .seconds(5)).status)"
    } catch let problem as Problem {
      #expect(problem.message.contains(url))
      return problem.code
    } catch {
      return "\(error)"
    }
  }

  @Test func onlyTheRightServerIsTrusted() throws {
    let folder = try Certificates()
    let server = try TLSServer(folder, certificate: "server")
    #expect(code(server.url("localhost"), ClientTLS(authority: .file(folder.path("ca.pem")))) == "200")
    let pinned = ClientTLS(authority: .pem(try folder.text("ca.pem")))
    #expect(code(server.url("localhost"), pinned) == "200")
    #expect(code(server.url("127.0.0.1"), pinned) == "server-certificate-wrong-host")
    #expect(code(server.url("localhost"), nil) == "server-certificate-untrusted")
    let other = ClientTLS(authority: .file(folder.path("other.pem")))
    #expect(code(server.url("localhost"), other) == "server-certificate-untrusted")
    let none = ClientTLS(authority: .file(folder.path("nothing.pem")))
    #expect(code(server.url("localhost"), none) == "tls-files-unusable")
    let expired = try TLSServer(folder, certificate: "expired")
    #expect(code(expired.url("localhost"), pinned) == "server-certificate-expired")
    let old = try TLSServer(folder, certificate: "server", "-tls1_2")
    #expect(code(old.url("localhost"), pinned) == "server-tls")
  }

  @Test func theServerLearnsWhoAsks() throws {
    let folder = try Certificates()
    let server = try TLSServer(folder, certificate: "server", "-Verify", "1", "-verify_return_error")
    let authority = ClientTLS.Authority.file(folder.path("ca.pem"))
    let files = ClientTLS.Identity.files(certificate: folder.path("server.pem"), key: folder.path("server.key"))
    #expect(code(server.url("localhost"), ClientTLS(authority: authority, identity: files)) == "200")
    let text = ClientTLS.Identity.pem(
      certificate: try folder.text("server.pem"), key: try folder.text("server.key"))
    #expect(code(server.url("localhost"), ClientTLS(authority: authority, identity: text)) == "200")
    #expect(code(server.url("localhost"), ClientTLS(authority: authority)) == "server-tls")
    let foreign = ClientTLS.Identity.files(certificate: folder.path("other.pem"), key: folder.path("other.key"))
    #expect(code(server.url("localhost"), ClientTLS(authority: authority, identity: foreign)) == "server-tls")
    let mixed = ClientTLS.Identity.files(certificate: folder.path("other.pem"), key: folder.path("server.key"))
    #expect(code(server.url("localhost"), ClientTLS(authority: authority, identity: mixed)) == "tls-files-unusable")
  }
}

/// A folder with an authority, certificates by it, and a stranger's; it goes away with the test.
private final class Certificates {
  let folder: String

  init() throws {
    folder = "/tmp/" + KernelTest.uniqueName("tls-")
    try check(mkdir(folder, 0o700), "mkdir", folder)
    for name in ["ca", "other"] {
      try openssl(["req", "-x509", "-subj", "/CN=\(name)", "-days", "2", "-out", "\(name).pem"] + newKey(name))
    }
    try openssl(
      ["req", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-out", "csr"] + newKey("server"))
    for (name, days) in [("server", "2"), ("expired", "-1")] {
      try openssl([
        "x509", "-req", "-in", "csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", days,
        "-copy_extensions", "copy", "-out", "\(name).pem",
      ])
    }
  }

  deinit {
    do { try ProcessRun.spawn("/bin/rm", ["rm", "-rf", folder]) } catch { Issue.record(error) }
  }

  func path(_ name: String) -> String { folder + "/" + name }

  func text(_ name: String) throws -> String {
    let file = try Descriptor(opening: path(name), O_RDONLY)
    var bytes = [UInt8](repeating: 0, count: 65536)
    let count = read(file.rawValue, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  private func newKey(_ name: String) -> [String] { ["-newkey", "ed25519", "-nodes", "-keyout", "\(name).key"] }

  private func openssl(_ arguments: [String]) throws {
    try ProcessRun.spawn("/usr/bin/env", ["env", "-C", folder, "openssl"] + arguments)
  }
}

/// `openssl s_server` on a free port; it ends with the value.
private final class TLSServer {
  private let pid: pid_t
  private let port: String

  init(_ folder: Certificates, certificate: String, _ more: String...) throws {
    let log = folder.path(KernelTest.uniqueName("log-"))
    let output = try Descriptor(opening: log, O_WRONLY | O_CREAT)
    let key = folder.path("server.key")
    pid = try ProcessRun.start(
      "/usr/bin/openssl",
      ["openssl", "s_server", "-accept", "127.0.0.1:0", "-www", "-cert", folder.path(certificate + ".pem")]
        + ["-key", key, "-CAfile", folder.path("ca.pem")] + more, output: output.rawValue)
    var found: String?
    let name = String(log.split(separator: "/").last ?? "")
    _ = TestThread.wait {
      let text = (try? folder.text(name)) ?? ""
      guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("ACCEPT") }) else { return false }
      found = line.split(separator: ":").last.map(String.init)
      return true
    }
    guard let found else {
      kill(pid, SIGKILL)
      _ = try ProcessRun.wait(for: pid)
      throw Problem(
        .failed, "test", "s_server told no port: \((try? folder.text(name)) ?? "-")", remedy: "See its log.")
    }
    port = found
  }

  deinit {
    kill(pid, SIGKILL)
    do { _ = try ProcessRun.wait(for: pid) } catch { Issue.record(error) }
  }

  /// localhost has a certificate; 127.0.0.1 is where it listens, too.
  func url(_ host: String) -> String { "https://\(host):\(port)" }
}
