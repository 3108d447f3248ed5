import FoundationEssentials
import Glibc
import Planning
import Quantities
import TestSupport
import Testing

/// How hosts join: with the real program, against a controller that the test plays.
@Suite(KernelTest.requireRoot, .serialized) struct EnrolmentTests {
  @Test func aHostEnrolsOnceAndIsKnownAfterwards() throws {
    try TestSite.with(hosts: 1) { site in
      let host = site.hosts[0]
      try host.start()
      try #require(eventually(20) { site.requests("/plans", of: "h1").count >= 2 }, "\(host.log)")
      for file in ["key.pem", "certificate.pem", "authority.pem", "membership.json"] {
        var status = stat()
        #expect(stat(host.state + "/agent/" + file, &status) == 0 && status.st_mode & 0o777 == 0o600, "\(file)")
      }
      host.agent?.signal(SIGTERM)
      #expect(try host.agent?.wait(seconds: 5) == 0)
      // No token is needed any more, and one that is given again does no harm.
      for arguments in [[], ["--controller", site.address, "--token", "token-h1", "--fingerprint", site.fingerprint]] {
        let before = site.requests("/plans", of: "h1").count
        try host.start(arguments)
        #expect(eventually(20) { site.requests("/plans", of: "h1").count > before }, "\(host.log)")
        host.kill()
      }
      #expect(site.read("used.txt").split(separator: "\n").count == 1)
    }
  }

  @Test func whatIsWrongIsSaid() throws {
    try TestSite.with(hosts: 1) { site in
      let host = site.hosts[0]
      try site.shell(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -out \(site.folder)/foreign.pem -subj /CN=foreign -days 1 2>/dev/null"
      )
      let given = ["--controller", site.address]
      let fingerprint = ["--fingerprint", site.fingerprint]
      func fails(_ arguments: [String], _ words: String..., location: SourceLocation = #_sourceLocation) throws {
        let agent = try host.start(arguments)
        let status = try agent.wait(seconds: 20)
        #expect(status != nil && status != 0, "\(arguments)", sourceLocation: location)
        for word in words { #expect(agent.output.contains(word), "\(agent.output)", sourceLocation: location) }
        host.kill()
      }
      try fails([], "not enrolled")
      try fails(given + ["--token", "token-h1"], "--fingerprint")
      try fails(given + ["--token", "wrong"] + fingerprint, "The token is not known")
      try fails(
        given + ["--token", "token-h1", "--fingerprint", String(repeating: "00", count: 32)],
        "not the controller that was meant")
      try fails(given + ["--token", "token-h1", "--ca", site.folder + "/foreign.pem"], "not trusted")
      try site.write("2", to: "protocol")
      try fails(given + ["--token", "token-h1"] + fingerprint, "speaks version 1", "controller version 2")
      site.removeFile("protocol")
      #expect(site.read("used.txt").isEmpty)
      // Certificates that begin in an hour: the controller's clock is ahead.
      try site.write("3600", to: "start")
      try fails(
        given + ["--token", "token-h1", "--ca", site.folder + "/authority.pem"], "This machine's clock says",
        "is valid from")
    }
  }

  @Test func certificatesAreRenewedBeforeTheyEnd() throws {
    try TestSite.with(hosts: 1, files: ["life": "12", "start": "0"]) { site in
      let host = site.hosts[0]
      try host.start()
      try #require(eventually(20) { !site.requests("/plans", of: "h1").isEmpty }, "\(host.log)")
      #expect(eventually(25) { site.requests("/renew", of: "h1").count >= 2 }, "\(host.log)")
      // Past the end of the first, the agent is still who it is.
      let count = site.requests("/plans", of: "h1").count
      #expect(eventually(10) { site.requests("/plans", of: "h1").count > count + 2 }, "\(host.log)")
      #expect(host.log.contains("the certificate was renewed"))
    }
  }

  @Test func aSecondAgentOfTheSameNameIsRefused() throws {
    try TestSite.with(hosts: 1, files: ["strict": "1"]) { site in
      let host = site.hosts[0]
      try host.start()
      try #require(eventually(20) { site.requests("/plans", of: "h1").count >= 2 }, "\(host.log)")
      try site.write(#"{"token-h1": "h1", "token-other": "h1"}"#, to: "tokens.json")
      let other = try TestProcess(
        TestSite.entering(host.namespace) + [
          TestSite.program, "agent", "--state", site.folder + "/other", "--name", "h1", "--controller", site.address,
          "--token", "token-other", "--fingerprint", site.fingerprint,
        ], output: site.folder + "/other.out")
      defer {
        other.signal(SIGKILL)
        _ = try? other.wait()
        try? FileManager.default.removeItem(
          atPath: "/run/virtcloud-\(Realm(stateDirectory: site.folder + "/other").tag)")
      }
      #expect(eventually(20) { other.output.contains("Another agent already speaks for host h1") }, "\(other.output)")
    }
  }

  @Test func theNextControllerIsAskedAndTheLeaderFollowed() throws {
    try TestSite.with(hosts: 1) { site in
      let host = site.hosts[0]
      let dead = "https://10.99.0.1:1"
      try host.start([
        "--controller", dead, "--controller", site.address, "--token", "token-h1", "--fingerprint", site.fingerprint,
      ])
      #expect(eventually(20) { site.requests("/plans", of: "h1").count >= 2 }, "\(host.log)")
      host.kill()
      // A controller that sends on in a circle is no reason to ask without end.
      try site.write(site.address, to: "redirect")
      let before = site.read("log.jsonl").split(separator: "\n").count
      try host.start([])
      sleep(3)
      let asked = site.read("log.jsonl").split(separator: "\n").count - before
      #expect(asked < 60, "\(asked) requests in 3 s")
      site.removeFile("redirect")
      let count = site.requests("/plans", of: "h1").count
      #expect(eventually(20) { site.requests("/plans", of: "h1").count > count + 1 }, "\(host.log)")
    }
  }
}
