import Testing

extension EndToEnd {
  /// A core link with a small MTU: the guests know it, so that nothing is lost on the way.
  @Test func guestsGetTheMTUOfThePath() throws {
    let substrate = Files.twoSites(link: "rate: 1Gbit/s, latency: 1ms, mtu: 1400")
    try TestInstallation.with(substrate: substrate) { cloud in
      try cloud.up(Files.lan("small", 2, sites: ["east", "west"]))
      #expect(try cloud.exec("small", "m1", "ip", "link", "show", "eth0").output.contains("mtu 1400"))
      let ping = ["ping", "-M", "do", "-c", "1", "-w", "4", "-s"]
      #expect(try cloud.run(["exec", "small", "m1", "--"] + ping + ["1372", "10.9.0.2"]).status == 0)
      let large = try cloud.run(["exec", "small", "m1", "--"] + ping + ["1373", "10.9.0.2"])
      #expect(
        large.status != 0 && (large.output + large.error).contains("essage too long"), "\(large.output) \(large.error)")
      #expect(try cloud.run(["exec", "small", "m1", "--"] + ping + ["1352", "fd00:9::2"]).status == 0)
      try transfer(cloud, "small", amount: ["-n", "20M"])
    }
  }

  /// Offloads on, as they come: bulk TCP between sites.
  @Test func bulkTransferBetweenSites() throws {
    try TestInstallation.with(substrate: Files.twoSites()) { cloud in
      try cloud.up(Files.lan("bulk", 2, sites: ["east", "west"]))
      try transfer(cloud, "bulk", amount: ["-t", "1"])
      try transfer(cloud, "bulk", amount: ["-t", "1", "-6"], to: "fd00:9::2")
    }
  }

  private func transfer(_ cloud: TestInstallation, _ name: String, amount: [String], to target: String = "10.9.0.2")
    throws
  {
    let server = try cloud.start(["exec", name, "m2", "--", "iperf3", "-s", "-1"])
    try Wait.until(seconds: 5) { try cloud.exec(name, "m2", "ss", "-Hltn", "sport = :5201").output != "" }
    let client = try cloud.run(
      ["exec", name, "m1", "--", "timeout", "10", "iperf3", "-c", target, "-f", "m"] + amount)
    #expect(client.status == 0, "\(client.output) \(client.error)")
    let line = client.output.split(separator: "\n").first { $0.hasSuffix("receiver") } ?? ""
    let words = line.split(separator: " ")
    let rate = words.firstIndex(of: "Mbits/sec").flatMap { Double(words[$0 - 1]) } ?? 0
    #expect(rate > 1, "\(client.output)")
    if client.status != 0 { server.signal(15) }
    _ = try server.wait()
  }
}
