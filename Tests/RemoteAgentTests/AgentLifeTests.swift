import API
import Glibc
import Linux
import Quantities
import TestSupport
import Testing

/// Agents at work: plans obeyed, kept and given up, with frames over the physical switch.
@Suite(KernelTest.requireRoot, .serialized) struct AgentLifeTests {
  private let plans: TestPlans
  init() throws { plans = try TestPlans(hosts: ["h1", "h2"]) }

  /// Starts agents of two hosts and has an infrastructure with a machine on each built.
  private func withLab(_ body: (TestSite, TestHost, TestHost) throws -> Void) throws {
    try TestSite.with(hosts: 2) { site in
      try site.serve(plans.documents([plans.admission(number: 1, hosts: ["h1", "h2"])], generation: 5))
      for host in site.hosts { try host.start() }
      for host in site.hosts { try site.awaits(5, of: host) }
      try body(site, site.hosts[0], site.hosts[1])
    }
  }

  /// Pings from the machine on `host` to that on the other one; how many of how many came back.
  private func ping(_ host: TestHost, count: Int, interval: Double = 0.002) throws -> Int {
    let ping = try host.inMachine(
      1, "/bin/ping", "-q", "-c", "\(count)", "-i", "\(interval)", "-W", "1",
      host.name == "h1" ? "10.5.1.2" : "10.5.1.1")
    _ = try ping.wait()
    return Int(
      ping.output.split(separator: "\n").first { $0.contains("received") }?
        .split(separator: ",").dropFirst().first?.split(separator: " ").first ?? "0") ?? 0
  }

  @Test func machinesReachEachOtherOverThePhysicalSwitch() throws {
    try withLab { site, first, second in
      #expect(eventually(10) { ((try? ping(first, count: 3)) ?? 0) == 3 })
      #expect(try ping(first, count: 200) == 200)
      // The interface's own traffic goes on as before, and is nobody else's.
      #expect(try first.shell("ping -q -c 3 -i 0.2 172.16.0.2").status == 0)
      // On the wire there are the network's VLAN and nothing untagged of the machines.
      #expect(try first.shell("tc filter show dev eth1 ingress").output.contains("bpf"))
      // All of it goes, and the interface is as it was.
      try site.serve(plans.documents([], generation: 6))
      for host in [first, second] { try site.awaits(6, of: host) }
      for host in [first, second] {
        #expect(host.devices.isEmpty)
        let link = try host.shell("ip -d -o link show eth1; tc qdisc show dev eth1; ip -o link").output
        #expect(!link.contains("clsact") && !link.contains("PROMISC") && !link.contains(": vc"), "\(link)")
        #expect(try host.shell("ping -q -c 1 172.16.0.\(host === first ? 2 : 1)").status == 0)
      }
    }
  }

  @Test func anOlderGenerationIsRefusedAlsoAfterARestart() throws {
    try withLab { site, first, _ in
      try site.write("1", to: "always")
      try site.serve(plans.documents([], generation: 4))
      #expect(eventually(15) { site.report(of: "h1")?.problem?.code == "stale-plan" }, "\(first.log)")
      first.kill()
      try first.start([])
      #expect(eventually(15) { first.log.contains("has had generation 5") }, "\(first.log)")
      #expect(first.devices.count == 1)
      // Without its own file, the mark in the kernel still says so.
      first.kill()
      unlink(first.state + "/agent/plans.json")
      try first.start([])
      #expect(
        eventually(15) { first.log.contains("stale-plan") || first.log.contains("generation 4 is older") },
        "\(first.log)")
      #expect(first.devices.count == 1)
    }
  }

  @Test func aKilledAgentComesBackWithoutAPacketLost() throws {
    try withLab { site, first, _ in
      #expect(eventually(10) { ((try? ping(first, count: 3)) ?? 0) == 3 })
      let flow = try first.inMachine(1, "/bin/ping", "-q", "-c", "4000", "-i", "0.001", "10.5.1.2")
      for _ in 0..<2 {
        first.kill()
        let before = site.requests("/reports", of: "h1").count
        try first.start([])
        #expect(eventually(15) { site.requests("/reports", of: "h1").count > before }, "\(first.log)")
      }
      first.agent?.signal(SIGTERM)
      #expect(try first.agent?.wait(seconds: 5) == 0)
      _ = try flow.wait()
      #expect(flow.output.contains("4000 received"), "\(flow.output)")
      #expect(site.report(of: "h1")?.reports.first?.changes == 0)
    }
  }

  @Test func anAgentThatIsCutOffObeysLeaseEndsAndFences() throws {
    try withLab { site, first, second in
      let labs = try [1, 2, 3].map { try plans.admission(number: $0, hosts: ["h1", "h2"]) }
      let end = Int64(time(nil)) + 14
      try site.serve(plans.documents(labs, generation: 6, leaseEnds: [2: end], fences: [3: 8]))
      for host in [first, second] { try site.awaits(6, of: host) }
      let flow = try first.inMachine(1, "/bin/ping", "-q", "-c", "9000", "-i", "0.002", "10.5.1.2")
      try first.cut(true)
      let began = Clock.monotonic
      // The fence: its machine stops by itself.
      #expect(eventually(20) { machines(first) == [1, 2] }, "\(machines(first))")
      #expect(Clock.monotonic - began < 12_000_000_000)
      #expect(eventually(25) { machines(first) == [1] }, "\(machines(first))")
      #expect(abs(Int64(time(nil)) - end) <= 3)
      // A restart in between knows as much.
      first.kill()
      try first.start([])
      #expect(eventually(10) { first.log.contains("applied generation 6") }, "\(first.log)")
      #expect(machines(first) == [1])
      try first.cut(false)
      // Heard of again, and nobody said otherwise: what was fenced runs again, what had ended does not.
      #expect(eventually(40) { machines(first) == [1, 3] }, "\(first.log)")
      flow.signal(SIGINT)
      _ = try flow.wait()
      #expect(flow.output.contains(" 0% packet loss"), "\(flow.output)")
    }
  }

  /// Numbers of the infrastructures that have machines on a host, by its control groups.
  private func machines(_ host: TestHost) -> [UInt32] {
    let found = try? host.shell("find /sys/fs/cgroup -maxdepth 4 -path '*\(host.realm.cgroupFolder)/*' -type d").output
    let numbers = (found ?? "").split(separator: "\n").compactMap { line in
      line.components(after: host.realm.cgroupFolder + "/").flatMap { UInt32($0.split(separator: "/").first ?? "") }
    }
    return Set(numbers).sorted()
  }
}

extension Substring {
  fileprivate func components(after words: String) -> String? {
    guard let range = self.range(of: words) else { return nil }
    return String(self[range.upperBound...])
  }
  private func range(of words: String) -> Range<Index>? { firstRange(of: words) }
}
