import Foundation
import TestSupport
import Testing

extension EndToEnd {
  /// The whole life of the examples on the example substrate.
  @Suite struct LifeTests {
    @Test func upUseAndDown() throws {
      try withCloud { cloud in
        try cloud.must("substrate", "apply", Cloud.example("metacenter.substrate.yaml"))
        try cloud.must("up", "-t", Cloud.example("mpi-lab.vc.yaml"))
        let list = try cloud.rows("list")
        #expect(list.map { $0["name"] as? String } == ["mpi-lab"])
        #expect(list.first?["running"] as? Int == 8)
        for target in ["worker2", "worker4", "worker6", "fd00:1::5", "far"] {
          #expect(try cloud.pings("mpi-lab", "worker1", target), "worker1 to \(target)")
        }
        try execTells(cloud)
        try vlansAreTold(cloud)
        try cloud.must("down", "mpi-lab", "--yes")
        #expect(try cloud.rows("list").isEmpty)
        #expect(try cloud.rows("substrate", "vlans").isEmpty)
        #expect(try cloud.run("down", "mpi-lab", "--yes").status == 0)
      }
    }

    private func execTells(_ cloud: Cloud) throws {
      let done = try cloud.exec("mpi-lab", "gw", "sh", "-c", "hostname; echo oops >&2; exit 3")
      #expect(done.status == 3)
      #expect(done.output == "gw\n")
      #expect(done.error == "oops\n")
      #expect(try cloud.exec("mpi-lab", "gw", "no-such-program").status == 127)
      #expect(try cloud.run("exec", "mpi-lab", "gw", "--", "cat", input: "over\n").output == "over\n")
      #expect(try cloud.run("exec", "mpi-lab", "nobody", "--", "true").status == 4)
      #expect(try cloud.run("exec", "nothing", "gw", "--", "true").status == 4)
    }

    /// One VLAN a network where that is possible; never two owners of one VLAN at a site.
    private func vlansAreTold(_ cloud: Cloud) throws {
      let rows = try cloud.rows("substrate", "vlans")
      let lan = rows.filter { $0["network"] as? String == "lan" }
      #expect(lan.count == 3)
      #expect(Set(lan.map { $0["vlan"] as? Int }).count == 1)
      let places = rows.map { "\($0["site"] ?? "") \($0["vlan"] ?? "")" }
      #expect(Set(places).count == places.count)
    }

    @Test func aSecondUpChangesNothingAndAChangeOnlyTheDifference() throws {
      try withCloud { cloud in
        try cloud.must("substrate", "apply", "-", input: Small.substrate)
        try cloud.must("up", "-t", "-", input: Small.template())
        let before = try fingerprint(cloud)
        try cloud.must("up", "-t", "-", input: Small.template())
        #expect(try fingerprint(cloud) == before)
        let more = Small.template().replacingOccurrences(of: "[left, right]", with: "[left, right, third]")
          .replacingOccurrences(of: "  right: {site: b}", with: "  right: {site: b}\n  third: {site: b}")
        try cloud.must("up", "-t", "-", input: more)
        let after = try fingerprint(cloud)
        #expect(before.isSubset(of: after), "gone: \(before.subtracting(after).sorted())")
        #expect(after.count > before.count)
        #expect(try cloud.pings("lab", "left", "third"))
        #expect(try cloud.exec("lab", "left", "cat", "/etc/hosts").output.contains("third"))
        try cloud.must("up", "-t", "-", input: Small.template())
        #expect(try fingerprint(cloud) == before)
      }
    }

    /// Every link with its index, and every machine's process.
    private func fingerprint(_ cloud: Cloud) throws -> Set<String> {
      var found: Set<String> = []
      for device in ["a", "b", "a-1", "b-1"] {
        let name = try cloud.namespace(of: device)
        let links = try CommandRun.run("/usr/sbin/ip", ["-n", name, "-o", "link"]).output.split(separator: "\n")
        for link in links { found.insert("\(device) \(link.split(separator: ":").prefix(2))") }
      }
      let machines = try CommandRun.run("/usr/bin/pgrep", ["-fa", "^virtcloud: lab/"]).output.split(separator: "\n")
      return found.union(machines.map(String.init))
    }

    @Test func aLeaseEndsThoughNobodyRunsACommand() throws {
      try withCloud { cloud in
        try cloud.must("substrate", "apply", "-", input: Small.substrate)
        try cloud.must("up", "-t", "-", input: Small.template(more: "lease: {duration: 2s}"))
        #expect(try cloud.rows("substrate", "vlans").count == 2)
        // The file system is asked, not the program: a command could end the lease itself.
        let gone = try eventually(15) { try CommandRun.run("/usr/bin/pgrep", ["-f", "^virtcloud: lab/"]).status == 1 }
        #expect(gone)
        #expect(try eventually { try cloud.rows("list").isEmpty })
        #expect(try cloud.rows("substrate", "vlans").isEmpty)
      }
    }

    @Test func afterARebootUpRebuilds() throws {
      try withCloud { cloud in
        try cloud.must("substrate", "apply", "-", input: Small.substrate)
        try cloud.must("up", "-t", "-", input: Small.template())
        try loseKernelState(cloud)
        #expect(try cloud.rows("show", "lab").allSatisfy { $0["state"] as? String == "stopped" })
        try cloud.must("up", "-t", "-", input: Small.template())
        #expect(try cloud.pings("lab", "left", "right"))
      }
    }

    /// What a reboot does: processes, namespaces, control groups and the run directory are gone.
    private func loseKernelState(_ cloud: Cloud) throws {
      let pids = try CommandRun.run("/usr/bin/pgrep", ["-f", "^virtcloud: lab/"]).output.split(separator: "\n")
      for pid in pids { kill(pid_t(pid) ?? 0, SIGKILL) }
      for device in ["a", "b", "a-1", "b-1"] {
        _ = try CommandRun.run("/usr/sbin/ip", ["netns", "del", try cloud.namespace(of: device)])
      }
      let removed = try eventually {
        for mount in ["unified", "cpu", "memory", "pids", ""] {
          let top = "/sys/fs/cgroup/\(mount)/\(cloud.realm.cgroupFolder)"
          _ = try CommandRun.run("/usr/bin/find", [top, "-depth", "-type", "d", "-exec", "rmdir", "{}", ";"])
        }
        return try cloud.marks().isEmpty
      }
      #expect(removed)
      try? FileManager.default.removeItem(atPath: "/run/virtcloud-\(cloud.realm.tag)")
    }
  }
}

/// Tests of the real program; one after the other, because they share one kernel.
@Suite(KernelTest.requireRoot, .serialized) struct EndToEnd {}
