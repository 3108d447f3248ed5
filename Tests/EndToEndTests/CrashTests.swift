import Algorithms
import Glibc
import Testing

extension EndToEnd {
  private static let text = Files.lan("crash", 3, sites: ["east", "west"])

  /// The service is killed at each step of `up`, in turn: the next command goes on, or takes all of it away.
  @Test func upKilledAtEveryStep() throws {
    try TestInstallation.with(substrate: Files.twoSites()) { cloud in
      try cloud.atEveryStep({ _ in ["up", "-t", "-"] }, input: Self.text) { step in
        if step % 2 == 1 { try goesOn(cloud, "step \(step) of up") }
        try leavesNothing(cloud, "step \(step) of up")
      }
    }
  }

  /// The same for `down`.
  @Test func downKilledAtEveryStep() throws {
    try TestInstallation.with(substrate: Files.twoSites()) { cloud in
      try cloud.up(Self.text)
      try cloud.atEveryStep({ _ in ["down", "crash", "--yes"] }) { step in
        if step % 2 == 0 { try leavesNothing(cloud, "step \(step) of down") }
        try goesOn(cloud, "step \(step) of down")
      }
    }
  }

  /// The same for applying a substrate.
  @Test func substrateKilledAtEveryStep() throws {
    try TestInstallation.with { cloud in
      try cloud.write(Files.twoSites(), to: "test.substrate.yaml")
      try cloud.atEveryStep({ _ in ["substrate", "apply", "test.substrate.yaml"] }) { step in
        if step % 2 == 1 {
          try cloud.succeed("substrate", "apply", "test.substrate.yaml")
          try goesOn(cloud, "step \(step) of apply")
        }
        try cloud.succeed("down", "--all", "--yes")
        try cloud.succeed("substrate", "remove", "--yes")
        try cloud.succeed("stop")
        #expect(try cloud.leftovers() == [], "after step \(step) of apply")
      }
    }
  }

  private func goesOn(_ cloud: TestInstallation, _ moment: String) throws {
    let run = try cloud.run(["up", "-t", "-"], input: Self.text)
    try #require(run.status == 0, "up after \(moment): \(run.error)")
    let ping = try cloud.exec("crash", "m1", "ping", "-q", "-c", "1", "-w", "4", "10.9.0.2")
    #expect(ping.status == 0, "after \(moment): \(ping.output) \(ping.error)")
  }

  private func leavesNothing(_ cloud: TestInstallation, _ moment: String) throws {
    try cloud.succeed("down", "--all", "--yes")
    let found = try cloud.run(["gc", "--dry-run"])
    #expect(found.status == 0 && found.error.contains("nothing is left over"), "after \(moment): \(found.output)")
    #expect(try cloud.machines().isEmpty, "after \(moment)")
    #expect(try cloud.vlans().isEmpty, "after \(moment)")
  }

  /// The service is killed at 50 random moments, up and down in turn.
  @Test func killedAtRandomMoments() throws {
    let seed = getenv("VIRTCLOUD_TEST_SEED").flatMap { UInt64(String(cString: $0)) } ?? .random(in: 0...UInt64.max)
    print("killedAtRandomMoments: seed \(seed); VIRTCLOUD_TEST_SEED=\(seed) repeats it")
    var random = SplitMix64(state: seed)
    try TestInstallation.with(substrate: Files.twoSites()) { cloud in
      var kills = 0
      for round in 0..<400 where kills < 50 {
        let isUp = round % 2 == 0
        // One service begins, the next is killed while it works.
        if !isUp { try cloud.up(Self.text) }
        let words = isUp ? ["up", "-t", "-"] : ["down", "--all", "--yes"]
        let victim = try cloud.start(words, input: Self.text, environment: TestInstallation.withoutAutostart)
        usleep(UInt32.random(in: 0..<(isUp ? 120_000 : 80_000), using: &random))
        try cloud.killService()
        if try victim.wait().status != 0 { kills += 1 }
        if Bool.random(using: &random) { try goesOn(cloud, "round \(round), seed \(seed)") }
        try leavesNothing(cloud, "round \(round), seed \(seed)")
      }
      #expect(kills >= 50)
    }
  }
}
