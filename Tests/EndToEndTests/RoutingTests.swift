import Glibc
import Linux
import Testing

extension EndToEnd {
  /// The example: OSPF between three sites finds the way, and another one when a wire is cut.
  @Test func birdFindsAnotherWay() throws {
    try TestInstallation.with(substrate: Routing.substrate) { cloud in
      try cloud.succeed("up", "-t", TestInstallation.examples + "/ospf.vc.yaml")
      try expectTwoWays(cloud, direct: "to-r3", detour: "to-r2")
      #expect(try cloud.exec("ospf", "r3", "nft", "list", "ruleset").output.contains("tcp dport 23 drop"))
      #expect(try cloud.exec("ospf", "r3", "tc", "qdisc", "show", "dev", "lan").output.contains("limit 200p"))
      try expectFilter(cloud)
      // What runs stays as it is, and what died begins again.
      let before = try cloud.programs("ospf", "r2")
      try cloud.succeed("up", "-t", TestInstallation.examples + "/ospf.vc.yaml")
      #expect(try cloud.programs("ospf", "r2") == before && before.count == 1)
      #expect(try cloud.exec("ospf", "r2", "pkill", "-9", "bird").status == 0)
      #expect(try Wait.until(seconds: 5) { try cloud.programs("ospf", "r2").isEmpty })
      try cloud.succeed("up", "-t", TestInstallation.examples + "/ospf.vc.yaml")
      #expect(try cloud.programs("ospf", "r2").count == 1)
    }
  }

  /// The same with FRRouting, whose running configuration is changed while it forwards.
  @Test func frroutingFindsAnotherWay() throws {
    try TestInstallation.with(substrate: Routing.substrate) { cloud in
      for (name, text) in Routing.frrFiles { try cloud.write(text, to: name) }
      try cloud.up(Routing.triangle { "frr, daemons: [ospfd], config-file: \($0).conf" })
      try expectTwoWays(cloud, direct: "eth1", detour: "eth2")
      try cloud.write((Routing.frrFiles["r2.conf"] ?? "") + "ip route 10.77.0.0/16 blackhole\n", to: "r2.conf")
      let before = try cloud.programs("ospf", "r2")
      try cloud.up(Routing.triangle { "frr, daemons: [ospfd], config-file: \($0).conf" })
      #expect(try cloud.exec("ospf", "r2", "ip", "route").output.contains("blackhole 10.77.0.0/16"))
      #expect(try cloud.programs("ospf", "r2") == before && before.count == 3)
    }
  }

  /// Something that its router refuses is told with the software's own words; all else runs as it did.
  @Test func whatARouterRefusesHarmsNothingElse() throws {
    try TestInstallation.with(substrate: Routing.substrate) { cloud in
      try cloud.write(Routing.bird, to: "good.conf")
      try cloud.write(Routing.bird.replacing("hello 1;", with: "hello 1;\nhullo 2;"), to: "bad.conf")
      let good = Routing.triangle { _ in "bird, config-file: good.conf" }
      let bad = Routing.triangle { "bird, config-file: \($0 == "r2" ? "bad" : "good").conf" }
      let first = try cloud.run(["up", "-t", "-"], input: bad)
      #expect(first.status == 1 && first.output.contains("right"), "\(first.error)")
      #expect(first.error.contains("Router ospf/r2: BIRD refuses its configuration"), "\(first.error)")
      #expect(first.error.contains("(router-config-refused)") && first.error.contains("bird.conf:7:1 syntax error"))
      #expect(try cloud.succeed("list").contains("running"))
      #expect(try Wait.until(seconds: 15) { try cloud.reaches("ospf", "left", "10.3.0.2") })
      try cloud.up(good)
      let before = try cloud.programs("ospf", "r2")
      // A bad one after a good one: the good one stays in force, in the very process.
      #expect(try cloud.run(["up", "-t", "-"], input: bad).status == 1)
      #expect(try cloud.programs("ospf", "r2") == before && before.count == 1)
      #expect(try cloud.exec("ospf", "r2", "cat", "/etc/bird/bird.conf").output == Routing.bird)
      try expectRefusals(cloud)
      // Without its software the router has only its static routes.
      try cloud.up(Routing.triangle { _ in "static" })
      #expect(try cloud.programs("ospf", "r2").isEmpty)
      #expect(try Wait.until(seconds: 5) { try !cloud.exec("ospf", "r1", "ip", "route").output.contains("bird") })
    }
  }

  /// Files lie beside the file that names them, wherever the command runs.
  @Test func filesThatAFileNames() throws {
    try TestInstallation.with(substrate: Routing.substrate) { cloud in
      try #require(mkdir(cloud.folder + "/lab", 0o755) == 0 && mkfifo(cloud.folder + "/lab/pipe", 0o644) == 0)
      func plan(_ path: String) throws -> CommandRun {
        let text = "name: x\nnodes:\n  r: {kind: router, nftables-file: \(path)}\n"
        try cloud.write(text, to: "lab/x.vc.yaml")
        return try cloud.run(["plan", "-t", "lab/x.vc.yaml"])
      }
      try cloud.write("table inet x {}\n", to: "lab/x.nft")
      #expect(try plan("x.nft").status == 0 && plan("\(cloud.folder)/lab/x.nft").status == 0)
      let missing = try plan("y.nft")
      #expect(missing.status == 2 && missing.error.contains("lab/y.nft"), "\(missing.error)")
      #expect(missing.error.contains("at lab/x.vc.yaml:3:36") && missing.error.contains("(no-such-file)"))
      for path in ["pipe", ".", "/dev/zero"] { #expect(try plan(path).error.contains("(file-unreadable)")) }
    }
  }

  /// A ruleset that is refused at first lets nothing through; qdiscs have an answer of their own.
  private func expectRefusals(_ cloud: TestInstallation) throws {
    let settings = "bird, config-file: good.conf"
    let drops = try cloud.run(["up", "-t", "-"], input: Routing.triangle(also: "nftables: nonsense") { _ in settings })
    #expect(drops.status == 1 && drops.error.contains("(nftables-refused)"), "\(drops.error)")
    #expect(drops.error.contains("unexpected") && drops.error.contains("also: Router ospf/r2"), "\(drops.error)")
    #expect(try !cloud.reaches("ospf", "left", "10.3.0.2"))
    let queue = Routing.triangle(also: "qdiscs: {eth0: [no_such_kind]}") { _ in settings }
    let refused = try cloud.run(["up", "-t", "-"], input: queue)
    #expect(refused.status == 1 && refused.error.contains("qdisc kind is unknown"), "\(refused.error)")
    #expect(try cloud.reaches("ospf", "left", "10.3.0.2"))
  }

  /// Waits for the ways, cuts the direct one, and waits for the detour.
  private func expectTwoWays(_ cloud: TestInstallation, direct: String, detour: String) throws {
    let target = "10.3.0.0/24"
    func way(_ node: String, _ target: String, _ interface: String) throws -> Bool {
      try cloud.exec("ospf", node, "ip", "route", "show", target).output.contains("dev \(interface)")
    }
    #expect(try Wait.until(seconds: 30) { try way("r1", target, direct) && way("r3", "10.1.0.0/24", "") })
    // Both legs of the detour, so that there is one.
    #expect(try Wait.until(seconds: 15) { try way("r2", target, "") && way("r2", "10.1.0.0/24", "") })
    #expect(try cloud.reaches("ospf", "left", "10.3.0.2"))
    #expect(try cloud.exec("ospf", "r1", "ip", "link", "set", direct, "down").status == 0)
    #expect(try Wait.until(seconds: 10) { try way("r1", target, detour) })
    #expect(try Wait.until(seconds: 10) { try cloud.reaches("ospf", "left", "10.3.0.2") })
  }

  /// r3 drops what its ruleset names, and nothing else.
  private func expectFilter(_ cloud: TestInstallation) throws {
    let server = "for port in 23 24; do (timeout 20 sh -c \"exec iperf3 -s -1 -p $port\" >/dev/null 2>&1 &); done"
    #expect(try cloud.shell("ospf", "right", server).status == 0)
    func connects(_ port: Int) throws -> Bool {
      let arguments = ["-c", "10.3.0.2", "-p", "\(port)", "-n", "1K", "--connect-timeout", "1000"]
      return try cloud.run(["exec", "ospf", "left", "--", "iperf3"] + arguments).status == 0
    }
    #expect(try Wait.until(seconds: 5) { try cloud.exec("ospf", "right", "ss", "-Hltn").output.contains(":23") })
    #expect(try Wait.until(seconds: 5) { try connects(24) })
    #expect(try !connects(23))
  }
}

extension TestInstallation {
  /// Process ids and names of the routing programs that run in a node.
  fileprivate func programs(_ name: String, _ node: String) throws -> [String] {
    try exec(name, node, "pgrep", "-l", "^(bird|zebra|staticd|ospfd)$").output.split(separator: "\n").map(String.init)
  }
}

/// Files of the routers' tests.
private enum Routing {
  static let substrate = """
    name: three
    sites:
      brno: {vlans: 10-29}
      prague: {vlans: 10-29}
      pilsen: {vlans: 10-29}
    hosts:
      h1: {site: brno}
      h2: {site: prague}
      h3: {site: pilsen}
    links:
      - {ends: [brno, prague]}
      - {ends: [prague, pilsen]}
      - {ends: [brno, pilsen]}
    """

  /// Three routers, each joined to the other two, and a machine behind the first and the last.
  static func triangle(also rest: String = "", _ software: (String) -> String) -> String {
    let sites = ["r1": "brno", "r2": "prague", "r3": "pilsen"]
    let routers = ["r1", "r2", "r3"].map { name in
      "  \(name): {kind: router, site: \(sites[name] ?? ""), routing: {software: \(software(name))}"
        + (rest.isEmpty ? "}\n" : ", \(rest)}\n")
    }
    return """
      name: ospf
      defaults: {cpu: 0.2, memory: 64MiB}
      nodes:
      \(routers.joined())
        left: {site: brno}
        right: {site: pilsen}
      segments:
        west: {members: [r1, left], addresses: 10.1.0.0/24}
        east: {members: [r3, right], addresses: 10.3.0.0/24}
      wires:
        - {ends: [r1, r3], addresses: 10.0.0.0/30}
        - {ends: [r1, r2], addresses: 10.0.0.4/30}
        - {ends: [r2, r3], addresses: 10.0.0.8/30}
      """
  }

  static let bird = """
    protocol device {}
    protocol kernel { ipv4 { export all; }; }
    protocol ospf v2 {
      ipv4 { import all; };
      area 0 {
        interface "eth*" { type pointopoint; hello 1;
    dead 3; };
      };
    }

    """

  /// r2 is on two wires only, the others have their machine at eth0.
  static var frrFiles: [String: String] {
    let wires = ["r1.conf": [1, 2], "r2.conf": [0, 1], "r3.conf": [1, 2]]
    return wires.mapValues { numbers in
      let interfaces = numbers.map {
        "interface eth\($0)\n ip ospf network point-to-point\n ip ospf hello-interval 1\n ip ospf dead-interval 3\n"
      }
      return interfaces.joined() + "router ospf\n network 10.0.0.0/8 area 0\n timers throttle spf 10 50 500\n"
        + " timers throttle lsa all 50\n timers lsa min-arrival 50\n"
    }
  }
}
