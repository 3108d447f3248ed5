import Foundation
import Glibc
import Testing

extension EndToEnd {
  /// The service dies while it builds; the command has a new one go on.
  @Test func aCommandOutlivesTheService() throws {
    try TestInstallation.with(substrate: Files.twoSites()) { cloud in
      for round in 1...5 {
        let victim = try cloud.start(["up", "-t", "-"], input: Files.lan("lasting", 30, sites: ["east", "west"]))
        usleep(UInt32(round) * 60_000)
        try cloud.killService()
        let run = try victim.wait()
        #expect(run.status == 0 && run.error.contains("lasting is up: 30 nodes"), "round \(round): \(run.error)")
        #expect(try cloud.reaches("lasting", "m1", "m30"), "round \(round)")
        try cloud.succeed("down", "lasting", "--yes")
      }
    }
  }

  /// Machines and what flows between them know nothing of the service's ends and beginnings.
  @Test func machinesOutliveTheService() throws {
    try TestInstallation.with(substrate: Files.twoSites()) { cloud in
      try cloud.up(Files.lan("one", 2, sites: ["east", "west"]))
      let before = try cloud.machines()
      let flow = try cloud.start(
        ["exec", "one", "m1", "--", "ping", "-q", "-i", "0.01", "-c", "600", "10.9.0.2"])
      try cloud.succeed("stop")
      #expect(try cloud.service() == nil && cloud.machines() == before)
      #expect(try cloud.rows("one").allSatisfy { $0.state == "running" })
      for _ in 0..<3 {
        try cloud.succeed("gc")
        #expect(try cloud.rows("one").allSatisfy { $0.state == "running" })
        try cloud.killService()
      }
      try cloud.up(Files.lan("one", 2, sites: ["east", "west"]))
      #expect(try cloud.machines() == before)
      let ended = try flow.wait()
      #expect(ended.output.contains("600 packets transmitted, 600 received"), "\(ended.output) \(ended.error)")
      #expect(try cloud.run(["gc", "--dry-run"]).error.contains("nothing is left over"))
    }
  }

  /// Many commands at once, and no service yet: one is started, and serves all of them.
  @Test func twentyCommandsAtOnce() throws {
    try TestInstallation.with { cloud in
      let runs = try (1...20).map { try cloud.start(["up", "-t", "-"], input: Files.lan("lan\($0)", 1)) }
      for run in runs {
        let ended = try run.wait()
        #expect(ended.status == 0, "\(ended.error)")
      }
      #expect(try cloud.succeed("list", "-f", "csv").split(whereSeparator: \.isNewline).count == 21)
      let services = try cloud.processes().filter {
        try TemporaryFolder.read("/proc/\($0)/cmdline").contains("\0serve\0")
      }
      #expect(services.count == 1)
    }
  }

  /// Other users of the machine are known by the socket: they see and end only what is theirs.
  @Test func othersSeeOnlyWhatTheyMay() throws {
    try TestInstallation.with { cloud in
      chmod(cloud.folder, 0o755)
      try cloud.up(Files.lan("roots", 1))
      func asNobody(_ words: String..., input: String = "") throws -> CommandRun {
        try CommandRun.run(
          ["/usr/bin/setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", TestInstallation.program]
            + words, input: input, environment: ["VIRTCLOUD_STATE": cloud.state])
      }
      let identity = try asNobody("whoami", "-f", "json")
      #expect(identity.status == 0 && identity.output.contains("nobody"), "\(identity.output) \(identity.error)")
      let list = try asNobody("list", "-f", "csv")
      #expect(list.status == 0 && !list.output.contains("roots"), "\(list.output) \(list.error)")
      #expect([4, 5].contains(try asNobody("show", "roots").status))
      let down = try asNobody("down", "roots", "--yes")
      #expect(down.status != 1 && !down.error.contains("roots is down"), "\(down.error)")
      #expect(try asNobody("gc").status == 5)
      #expect(try asNobody("stop").status == 5)
      let up = try asNobody("up", "-t", "-", input: Files.lan("theirs", 1))
      #expect(up.status == 0, "\(up.error)")
      #expect(try asNobody("list", "-f", "csv").output.contains("theirs"))
      #expect(try asNobody("down", "theirs", "--yes").error.contains("theirs is down"))
      #expect(try cloud.rows("roots").allSatisfy { $0.state == "running" })
    }
  }

  /// A service that was started by itself does not outlive its state; one that cannot begin says why, once.
  @Test func aServiceWithoutStateEnds() throws {
    try TestInstallation.with { cloud in
      try cloud.up(Files.lan("one", 1))
      try cloud.succeed("down", "--all", "--yes")
      try FileManager.default.removeItem(atPath: cloud.state)
      #expect(try Wait.until(seconds: 10) { try cloud.service() == nil })
      let none = try cloud.run(["gc"], environment: TestInstallation.withoutAutostart)
      #expect(none.status == 1 && none.error.contains("no-controller"), "\(none.error)")
    }
  }
}
