import API
import Controller
import FoundationEssentials
import Glibc
import Linux
import Quantities
import TestSupport
import Testing

/// Counters and terminals of machines whose hosts have agents of their own: all of it as on a site.
@Suite(KernelTest.requireRoot, .serialized) struct ErrandSiteTests {
  private let lab = """
    name: lab
    nodes:
      a: {cpu: 0.5, memory: 64MiB}
      b: {cpu: 0.1, memory: 64MiB}
    segments:
      lan: {members: [a, b], addresses: 10.5.1.0/24}
    """

  /// A site of two hosts on which a lab runs, a node on each.
  private func withLab(_ body: (TestSite, RealController, SiteClient) throws -> Void) throws {
    try RealController.withSite(hosts: 2) { site, controller in
      try controller.build(lab)
      try #require(
        eventually(30) { controller.record("lab")?.standing.phase == .running }, "\(site.hosts.map(\.log))")
      try body(site, controller, SiteClient(controller))
    }
  }

  private func host(of node: String, _ site: TestSite, _ controller: RealController) throws -> TestHost {
    try #require(site.hosts.first { $0.name == controller.host(of: node, "lab") })
  }

  @Test func ratesRiseWithTrafficThatATerminalMakes() throws {
    try withLab { site, controller, client in
      let before = try client.rates(of: "lab")
      #expect(before.missing == nil && before.items.map(\.from) == ["a:eth0", "b:eth0"], "\(before)")
      let ping = try client.open("lab", "a", ["/bin/ping", "-i", "0.005", "-c", "400", "-W", "1", "10.5.1.2"])
      try #require(eventually(30) { ping.status != nil }, "\(ping.output) \(site.hosts.map(\.log))")
      #expect(ping.status == 0 && ping.output.contains("400 received"), "\(ping.output.suffix(300))")
      let after = try client.rates(of: "lab")
      for (old, new) in zip(before.items, after.items) {
        #expect(new.frames >= old.frames + 400, "\(new)")
        #expect(new.lastMinute.bitsPerSecond > 0, "\(new)")
      }
      let drops = try client.send("GET", "/v1/infrastructures/lab/drops")
      #expect(drops.status == 200, "\(drops.text)")
      // A host that is silent is named, and nobody waits for it without end.
      let lost = try host(of: "b", site, controller)
      lost.kill()
      let began = Clock.monotonic
      let without = try client.rates(of: "lab")
      #expect(Clock.monotonic - began < 10_000_000_000)
      #expect(without.items.map(\.from) == ["a:eth0"] && without.missing?.map(\.description) == [lost.name])
      try lost.start([])
      #expect(eventually(20) { ((try? client.rates(of: "lab"))?.items.count ?? 0) == 2 }, "\(lost.log)")
    }
  }

  @Test func aTerminalIsTypedIntoResizedAndHungUp() throws {
    try withLab { site, _, client in
      let echo = try client.open(
        "lab", "b", ["/bin/sh", "-c", "stty raw -echo; echo ready; exec cat"], columns: 100, rows: 30)
      try #require(eventually(10) { echo.output.contains("ready") }, "\(site.hosts.map(\.log))")
      var times: [Double] = []
      for _ in 0..<100 {
        let count = echo.count
        let began = Clock.monotonic
        #expect(try echo.type("x") == 204)
        // Looked at more often than `eventually` does, for that is what is measured.
        while echo.count == count, Clock.monotonic < began + 10_000_000_000 { usleep(100) }
        try #require(echo.count > count, "\(echo.output)")
        times.append(Double(Clock.monotonic - began) / 1_000_000)
      }
      times.sort()
      print("echo over an agent, ms: median \(times[50]), p90 \(times[90]), most \(times[99])")
      #expect(times[50] < 100, "\(times)")
      // A thousand lines come whole, whatever requests they came in.
      let lines = (0..<1000).map { "line \($0) of a thousand\n" }.joined()
      #expect(try echo.type(lines) == 204)
      #expect(eventually(20) { echo.output.hasSuffix(lines) }, "\(echo.output.suffix(200))")
      #expect(try echo.close() == 204)
      try #require(eventually(10) { echo.status != nil })
      #expect(echo.status == 129)
      let size = try client.open("lab", "a", ["/bin/sh", "-c", "read x; stty size; exit 7"], columns: 100, rows: 30)
      #expect(try size.resize(columns: 91, rows: 31) == 204)
      #expect(try size.type("\n") == 204)
      try #require(eventually(10) { size.status != nil })
      #expect(size.status == 7 && size.output.contains("31 91"), "\(size.output)")
      #expect(throws: Problem.self) { _ = try client.open("lab", "a", ["/no/such/program"]) }
    }
  }

  @Test func manyOctetsPassWhole() throws {
    try withLab { _, _, client in
      // A program that reads late gets all that was typed meanwhile.
      let late = try client.open(
        "lab", "b", ["/bin/sh", "-c", "stty raw -echo; echo ready; sleep 3; head -c 60000 | wc -c"])
      try #require(eventually(10) { late.output.contains("ready") })
      #expect(try late.type(String(repeating: "x", count: 60_000)) == 204)
      try #require(eventually(20) { late.status != nil }, "\(late.output)")
      #expect(late.output.contains("60000"), "\(late.output)")
      let began = Clock.monotonic
      let flood = try client.open("lab", "a", ["/bin/sh", "-c", "stty raw; seq 1 100000"])
      try #require(eventually(60) { flood.status != nil }, "\(flood.count)")
      print("588895 octets over an agent in \(Double(Clock.monotonic - began) / 1_000_000_000) s")
      #expect(flood.status == 0)
      #expect(flood.output == (1...100_000).map { "\($0)\n" }.joined())
    }
  }

  @Test func terminalsEndWithTheirAgentAndTheirMachine() throws {
    try withLab { site, controller, client in
      let first = try client.open("lab", "a", ["/bin/sh", "-c", "echo here; sleep 3000"])
      let second = try client.open("lab", "b", ["/bin/sh", "-c", "echo here; sleep 3000"])
      try #require(eventually(10) { first.output.contains("here") && second.output.contains("here") })
      let restarted = try host(of: "a", site, controller)
      restarted.kill()
      try restarted.start([])
      try #require(eventually(20) { first.status != nil }, "\(restarted.log)")
      #expect(first.output.contains("started again"), "\(first.output)")
      #expect(second.status == nil)
      // One that ends in order takes its terminals along.
      let third = try client.open("lab", "a", ["/bin/sh", "-c", "echo here; sleep 3000"])
      try #require(eventually(10) { third.output.contains("here") })
      restarted.agent?.signal(SIGTERM)
      #expect(try restarted.agent?.wait(seconds: 10) == 0)
      #expect(eventually(10) { third.status != nil })
      try restarted.start([])
      try controller.order(.end(Name(parsing: "lab")))
      #expect(eventually(20) { second.status != nil }, "\(second.output)")
    }
  }

  /// Neither side waits for the other without end.
  @Test func aTerminalOnAHostThatIsCutOffEndsOnBothSides() throws {
    try withLab { site, controller, client in
      // Nobody else sleeps that long.
      let seconds = "\(400_000 + getpid())"
      let terminal = try client.open("lab", "a", ["/bin/sleep", seconds])
      func isThere() throws -> Bool {
        try TestProcess.run(["/usr/bin/pgrep", "-f", "^/bin/sleep \(seconds)$"], in: site.folder).status == 0
      }
      #expect(try eventually(10) { try isThere() })
      try host(of: "a", site, controller).cut(true)
      #expect(eventually(40) { terminal.status != nil })
      #expect(terminal.output.contains("does not answer any more"), "\(terminal.output)")
      #expect(try eventually(40) { try !isThere() })
      #expect(throws: Problem.self) { _ = try client.open("lab", "a", ["/bin/true"]) }
    }
  }

  /// The command line from elsewhere, and on the controller's own machine.
  @Test func theCommandLineAsksTheAgents() throws {
    try withLab { site, controller, _ in
      try site.write(controller.token, to: "token")
      chmod(site.folder + "/token", 0o600)
      let elsewhere = [
        "--controller", site.address, "--ca", site.folder + "/authority.pem", "--token-file", site.folder + "/token",
      ]
      for place in [elsewhere, ["--state", controller.cloud.installation.stateDirectory]] {
        func run(_ words: String...) throws -> (output: String, status: Int32) {
          try TestProcess.run(
            TestSite.entering(site.controllerNamespace) + [TestSite.program, words[0]] + place + words.dropFirst(),
            in: site.folder)
        }
        let exec = try run("exec", "lab", "b", "--", "/bin/sh", "-c", "hostname; exit 5")
        #expect(exec.status == 5 && exec.output.contains("b"), "\(exec.output)")
        let rates = try run("show", "lab", "--rates", "-f", "csv")
        #expect(rates.status == 0 && rates.output.contains("b:eth0"), "\(rates.output)")
        #expect(try run("show", "lab", "--drops").status == 0)
      }
      let lost = try host(of: "b", site, controller)
      lost.kill()
      let rates = try TestProcess.run(
        TestSite.entering(site.controllerNamespace) + [TestSite.program, "show", "lab", "--rates"] + elsewhere,
        in: site.folder)
      #expect(rates.status == 0 && rates.output.contains("a:eth0"), "\(rates.output)")
      #expect(rates.output.contains("host \(lost.name) has counted: its agent does not answer"), "\(rates.output)")
    }
  }

  /// The command line's way: a service of its own would undo the agent's work.
  @Test func collectingGarbageOnAnAgentsHostStartsNothing() throws {
    try withLab { site, _, _ in
      let host = site.hosts[0]
      for arguments in [["gc"], ["gc", "--dry-run"]] {
        let (output, status) = try TestProcess.run(
          TestSite.entering(host.namespace) + [TestSite.program] + arguments + ["--state", host.state], in: site.folder)
        #expect(status == 3 && output.contains("host-of-agent") && output.contains("agent --clear"), "\(output)")
      }
      #expect(access(host.state + "/state.db", F_OK) != 0)
      #expect(!host.devices.isEmpty)
      host.kill()
      try host.start([])
      #expect(eventually(20) { host.log.contains("keeps generation") }, "\(host.log)")
    }
  }
}
