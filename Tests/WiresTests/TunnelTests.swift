import Glibc
import Linux
import Quantities
import TestSupport
import Testing

@testable import Wires

@Suite("Encrypted wires on the kernel", KernelTest.requireRoot, .serialized)
struct TunnelTests {
  @Test(
    "a wire carries traffic as nobody; its killed process is started again; nothing is left", .timeLimit(.minutes(20)))
  func lifeOfAWire() throws {
    try TunnelHosts.with { hosts in
      let specs = try hosts.wire("w1", port: 5001)
      try specs[0].keys.make()
      try hosts.makeTaps("w1", number: 1)
      try hosts.want(specs)
      let before = try hosts.await(.connected, 2)
      #expect(hosts.pings(number: 1, within: 20))
      #expect(try hosts.processes().count == 2)
      for tunnel in before {
        let user = try TextFile.read("/proc/\(try #require(tunnel.process))/status").split(separator: "\n")
        #expect(user.contains { $0.hasPrefix("Uid:\t65534\t65534\t65534") })
      }
      // The responder's end is the harder one: its peer does not know that it has to connect anew.
      let responder = try #require(before.first { $0.role == .responder }?.process)
      kill(responder, SIGKILL)
      let restarted = try TunnelReport.wait(hosts.places, for: .seconds(30)) { report in
        report?.tunnels.contains { $0.restarts == 1 && $0.state == .connected } ?? false
      }
      let after = try #require(restarted?.tunnels.first { $0.role == .responder })
      #expect(after.state == .connected && after.restarts == 1 && after.lastExit == "signal 9")
      #expect(after.process != responder)
      #expect(hosts.pings(number: 1, within: 20))
      #expect(try hosts.processes().count == 2)
      try hosts.want([])
      #expect(try hosts.awaitEnd() == 0)
      #expect(try hosts.processes() == [])
      // The tap is not ours.
      try hosts.ip("-n", hosts.names[0], "link", "show", "tw1")
      #expect(try specs[0].keys.remove())
      #expect(try TunnelHosts.folders(hosts.folder + "/keys") == [])
    }
  }

  @Test("packets of full length pass though the cable has no room for what is added to them")
  func fullPackets() throws {
    try TunnelHosts.with { hosts in
      let specs = try hosts.wire("w1", port: 5001)
      try specs[0].keys.make()
      try hosts.makeTaps("w1", number: 1)
      try hosts.want(specs)
      _ = try hosts.await(.connected, 2)
      #expect(hosts.pings(number: 1, within: 20))
      // 1472 octets, 8 of ICMP and 20 of IP are 1500, and may not be fragmented inside the wire.
      try hosts.ip(
        "netns", "exec", hosts.names[0], "ping", "-c", "2", "-i", "0.2", "-W", "2", "-M", "do", "-s", "1472",
        "10.99.1.2")
    }
  }

  @Test("an initiator behind address translation connects, and again after its process was killed")
  func behindTranslation() throws {
    try TunnelHosts.with(router: true) { hosts in
      let specs = try hosts.wire("w1", port: 5001)
      try specs[0].keys.make()
      try hosts.makeTaps("w1", number: 1)
      try hosts.want(specs)
      let before = try hosts.await(.connected, 2)
      #expect(hosts.pings(number: 1, within: 20))
      kill(try #require(before.first { $0.role == .initiator }?.process), SIGKILL)
      let report = try TunnelReport.wait(hosts.places, for: .seconds(30)) { report in
        report.map { $0.tunnels.allSatisfy { $0.state == .connected } && $0.tunnels.contains { $0.restarts == 1 } }
          ?? false
      }
      #expect(report?.tunnels.map(\.state) == [.connected, .connected])
      #expect(hosts.pings(number: 1, within: 20))
    }
  }

  @Test("a peer with another wire's certificate, or another handshake key, does not connect")
  func foreignKeys() throws {
    try TunnelHosts.with { hosts in
      let other = hosts.folder + "/foreign"
      let right = try hosts.wire("w0", port: 5000)
      let strangers = try hosts.wire("w1", port: 5001, keysOf: other)
      let pinned = try hosts.wire("w2", port: 5002, keysOf: other)
      for (number, spec) in [right, strangers, pinned].joined().enumerated() {
        try spec.keys.make()
        if number % 2 == 0 { try hosts.makeTaps(spec.key, number: number / 2) }
      }
      // The third differs in its certificates alone.
      try PrivateFile.replace(pinned[1].keys.handshakeKey, with: TextFile.read(pinned[0].keys.handshakeKey))
      try hosts.want(right + strangers + pinned)
      _ = try TunnelReport.wait(hosts.places, for: .seconds(30)) { report in
        report?.tunnels.filter { $0.state == .connected }.count == 2
      }
      #expect(hosts.pings(number: 0, within: 20))
      // As long as it would have taken several times over.
      let report = try TunnelReport.wait(hosts.places, for: .seconds(5)) { report in
        (report?.tunnels.filter { $0.state == .connected }.count ?? 0) > 2
      }
      let connected = (report?.tunnels ?? []).filter { $0.state == .connected }
      #expect(Set(connected.map(\.key)) == ["w0"])
      #expect(!hosts.pings(number: 1, within: 1) && !hosts.pings(number: 2, within: 1))
    }
  }

  @Test("the processes of a killed keeper end, and the next keeper starts each once")
  func killedKeeper() throws {
    try TunnelHosts.with { hosts in
      let specs = try hosts.wire("w1", port: 5001)
      try specs[0].keys.make()
      try hosts.makeTaps("w1", number: 1)
      try hosts.want(specs)
      let before = try hosts.await(.connected, 2)
      let keeper = try #require(try TunnelReport.read(hosts.places)?.keeper)
      kill(keeper, SIGKILL)
      #expect(try TunnelReport.wait(hosts.places, for: .seconds(5)) { $0 == nil } == nil)
      try hosts.want(specs)
      let after = try hosts.await(.connected, 2)
      #expect(Set(after.compactMap(\.process)).isDisjoint(with: before.compactMap(\.process)))
      #expect(hosts.pings(number: 1, within: 20))
      #expect(try Set(hosts.processes()) == Set(after.compactMap(\.process)))
    }
  }

  @Test("what cannot start says why and starts once it can; a wire that changes and one that goes leave the others")
  func changes() throws {
    try TunnelHosts.with { hosts in
      let first = try hosts.wire("w1", port: 5001)
      let second = try hosts.wire("w2", port: 5002)
      try first[0].keys.make()
      try hosts.makeTaps("w1", number: 1)
      try hosts.makeTaps("w2", number: 2)
      try hosts.want(first + second)
      let report = try TunnelReport.wait(hosts.places, for: .seconds(30)) { report in
        report?.tunnels.map(\.state) == [.connected, .connected, .failed, .failed]
      }
      let failed = try #require(report?.tunnels.last)
      #expect(failed.state == .failed && failed.lastLog?.contains("w2") == true, "\(failed)")
      try second[0].keys.make()
      let all = try hosts.await(.connected, 4)
      #expect(hosts.pings(number: 2, within: 20))

      let moved = try hosts.wire("w2", port: 5003)
      try hosts.want(first + moved)
      _ = try TunnelReport.wait(hosts.places, for: .seconds(30)) { report in
        report.map { now in
          now.tunnels.allSatisfy { $0.state == .connected } && now.tunnels.last?.process != all.last?.process
        } ?? false
      }
      #expect(hosts.pings(number: 2, within: 20))
      try hosts.want(first)
      let left = try hosts.await(.connected, 2)
      #expect(left == Array(all.prefix(2)))
    }
  }

  @Test("a device that is not there: the process ends, the report has its words")
  func missingDevice() throws {
    try TunnelHosts.with { hosts in
      var specs = try hosts.wire("w1", port: 5001)
      try specs[0].keys.make()
      specs[0].local = try IPAddress(parsing: "10.98.0.77")
      try hosts.makeTaps("w1", number: 1)
      try hosts.want([specs[0]])
      let report = try TunnelReport.wait(hosts.places, for: .seconds(30)) { report in
        (report?.tunnels.first?.restarts ?? 0) >= 2
      }
      let tunnel = try #require(report?.tunnels.first)
      #expect(tunnel.lastExit == "exit status 1")
      #expect(tunnel.lastLog?.contains("Cannot assign requested address") == true, "\(tunnel)")
      #expect(tunnel.summary.hasPrefix("restarting (") || tunnel.state == .starting)
    }
  }
}
