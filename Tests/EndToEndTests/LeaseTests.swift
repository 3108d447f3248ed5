import Linux
import Testing

extension EndToEnd {
  /// A lease ends though nobody runs a command.
  @Test func leaseEndsByItself() throws {
    try TestInstallation.with(substrate: Files.twoSites()) { cloud in
      let text = Files.lan("brief", 2, sites: ["east", "west"], rest: "lease: {duration: 2s}\n")
      try cloud.up(Files.lan("lasting", 2, sites: ["east", "west"]))
      try cloud.up(text)
      #expect(try cloud.reaches("brief", "m1", "m2"))
      #expect(try Wait.until(seconds: 10) { try cloud.machines()[2] == nil })
      #expect(try Wait.until(seconds: 5) { try !cloud.vlans().contains { $0.infrastructure == "brief" } })
      #expect(try cloud.run(["show", "brief"]).status == 4)
      #expect(try cloud.reaches("lasting", "m1", "m2"))
    }
  }

  /// After a reboot nothing of the kernel's state is left; `up` builds it again.
  @Test func rebuildsAfterReboot() throws {
    try TestInstallation.with(substrate: Files.twoSites()) { cloud in
      let text = Files.lan("one", 3, sites: ["east", "west"])
      try cloud.up(text)
      let before = try cloud.rows("one").map(\.mac)
      try cloud.loseKernelState()
      #expect(try cloud.rows("one").allSatisfy { $0.state == "stopped" })
      try cloud.up(text)
      #expect(try cloud.reaches("one", "m1", "m2"))
      #expect(try cloud.rows("one").map(\.mac) == before)
      try cloud.loseKernelState()
      try cloud.succeed("down", "one", "--yes")
      #expect(try cloud.machines().isEmpty)
    }
  }
}
