import Infrastructure
import Languages
import Quantities
import Testing

/// What routers run, as the file says it.
struct RouterMeaningTests {
  private func software(_ settings: String, files: [String: String] = [:]) throws -> RouterSoftware? {
    let text = "name: lab\nnodes:\n  gw: {kind: router, \(settings)}\nsegments: {lan: {members: [gw]}}\n"
    return try InfrastructureReader.read(
      text: Array(text.utf8), file: "lab.vc.yaml", environment: [:],
      loadFile: { (path) throws(Problem) in
        guard let file = files[path] else {
          throw Problem(.invalid, "no-such-file", "'\(path)' is missing.", remedy: "Write it.")
        }
        return file
      }
    ).nodes[0].software
  }

  @Test func textStandsInTheFileOrInOneOfItsOwn() throws {
    let text = "router id 1.1.1.1;\nprotocol device {}\n"
    let inside = try read(
      """
      name: lab
      nodes:
        gw:
          kind: router
          routing:
            software: bird
            config: |
              router id 1.1.1.1;
              protocol device {}

      """)
    #expect(inside.nodes[0].software == RouterSoftware(routing: .bird(configuration: text)))
    #expect(
      try software("routing: {software: bird, config-file: sub/b.conf}", files: ["sub/b.conf": text])
        == RouterSoftware(routing: .bird(configuration: text)))
    #expect(try software("nftables-file: /etc/n", files: ["/etc/n": "table x"])?.nftables == "table x")
  }

  /// A file is not looked through for variables: it has a language of its own.
  @Test func variablesAreOfTheFileOnly() throws {
    let found = try software("nftables-file: n", files: ["n": "define x = ${Y}"])
    #expect(found?.nftables == "define x = ${Y}")
    #expect(throws: Problem.self) { try software("nftables: \"${Y}\"") }
  }

  @Test func aMissingFileIsLocated() throws {
    let problem = #expect(throws: Problem.self) { try software("routing: {software: frr, config-file: x}") }
    #expect(problem?.code == "no-such-file" && problem?.location == "lab.vc.yaml:3:60", "\(problem as Any)")
    #expect(problem?.message == "Node 'gw', routing, config-file: 'x' is missing.")
  }

  @Test func daemonsAreASet() throws {
    #expect(
      try software("routing: {software: frr, daemons: [zebra, ripd, bfdd, ripd], config: x}")?.routing
        == .frr(configuration: "x", daemons: [.bfdd, .ripd]))
    #expect(
      try software("routing: {software: frr, daemons: staticd, config: x}")?.routing
        == .frr(configuration: "x", daemons: []))
  }

  @Test func nothingIsNothing() throws {
    #expect(try software("routing: {software: static}") == nil)
    #expect(try software("qdiscs: {}") == nil && software("cpu: 1") == nil)
  }

  @Test func queuesAreWords() throws {
    let found = try software("qdiscs: {eth0: [tbf, rate, 10mbit, burst, 32kb, latency, 50ms]}")
    #expect(found?.qdiscs == ["eth0": ["tbf", "rate", "10mbit", "burst", "32kb", "latency", "50ms"]])
    #expect(try software("qdiscs: {eth0: pfifo}")?.qdiscs == ["eth0": ["pfifo"]])
    #expect(try software("qdiscs: {eth0: [pfifo, limit, 100]}")?.qdiscs == ["eth0": ["pfifo", "limit", "100"]])
  }

  @Test func whatIsReadIsWrittenReadably() throws {
    let lab = try read(
      """
      name: lab
      nodes:
        r[1-2]: {kind: router, routing: {software: frr, daemons: [ospfd], config: "a\\n b ${X:-$}{c}\\n"}}
        gw: {kind: router, nftables: "x\\n\\n\\ty", qdiscs: {eth0: [pfifo, limit, 7]}}
        hg: {kind: router, nftables: " x\\ny\\n"}
      segments: {lan: {members: ["r[1-2]", gw, hg]}}
      """)
    let text = InfrastructureWriter.text(lab)
    #expect(try read(text) == lab, "\(text)")
    #expect(
      text == """
        name: lab
        nodes:
          r[1-2]:
            kind: router
            cpu: 0.5
            memory: 64MiB
            routing:
              software: frr
              daemons: [ospfd]
              config: |
                a
                 b $${c}
          gw:
            kind: router
            cpu: 0.5
            memory: 64MiB
            nftables: |-
              x

              \ty
            qdiscs: {eth0: [pfifo, limit, 7]}
          hg:
            kind: router
            cpu: 0.5
            memory: 64MiB
            nftables: " x\\ny\\n"
        segments:
          lan: {members: ["r[1-2]", gw, hg]}

        """)
  }

  @Test func theExampleIsRead() throws {
    let text = try bytes(of: "examples/ospf.vc.yaml")
    let lab = try InfrastructureReader.read(
      text: text, file: "ospf.vc.yaml", environment: [:],
      loadFile: { (path) throws(Problem) in
        guard let file = try? bytes(of: "examples/\(path)") else {
          throw Problem(.invalid, "no-such-file", "\(path) is missing.", remedy: "Write it.")
        }
        return String(decoding: file, as: UTF8.self)
      })
    let routers = lab.nodes.filter { $0.kind == .router }
    #expect(routers.count == 3 && Set(routers.compactMap(\.site)).count == 3)
    for router in routers {
      guard case .bird(let configuration)? = router.software?.routing else {
        Issue.record("\(router.name) runs no BIRD")
        continue
      }
      #expect(configuration.contains("protocol ospf v2"))
    }
    #expect(routers[2].software?.nftables?.contains("dport 23") == true)
    #expect(routers[2].software?.qdiscs == ["lan": ["pfifo", "limit", "200"]])
  }
}
