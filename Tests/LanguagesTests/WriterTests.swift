import Infrastructure
import Languages
import Quantities
import Testing

/// What the writers write is read back to an equal value, and is pleasant to read.
struct WriterTests {
  private func roundTrip(_ infrastructure: VirtualInfrastructure) throws -> String {
    let text = InfrastructureWriter.text(infrastructure)
    #expect(try read(text) == infrastructure, "\(text)")
    return text
  }

  @Test(arguments: ["mpi-lab", "mpi-lab-twin", "hello"]) func examplesSurvive(name: String) throws {
    let text = try roundTrip(example("\(name).vc.yaml"))
    #expect(text.utf8.count < 1200 && !text.contains("address:") && !text.contains("eth0"))
  }

  @Test func theGridSurvives() throws {
    let grid = try readSubstrate(String(decoding: bytes(of: "examples/metacenter.substrate.yaml"), as: UTF8.self))
    let text = SubstrateWriter.text(grid)
    #expect(try readSubstrate(text) == grid && text.contains("  pilsen-[1-3]: {site: pilsen, cpu: 4, "), "\(text)")
  }

  @Test func theFileLooksLikeTheExamples() throws {
    let lab = try read(
      """
      name: lab
      lease: {start: 2027-01-07T08:00:00Z, duration: 4h}
      nodes: {w1: {site: brno}, w2: {site: brno}, w08: {}, w09: {}, w10: {}, gw: {kind: router, exclusive: true}}
      segments:
        lan: {members: [gw, w1, w2], addresses: [10.1.0.0/24, "fd00::/64"], rate: {min: 1Gbit/s}}
        far: {members: [{node: w1, interface: up, address: 10.2.0.9}, gw, w09], addresses: 10.2.0.0/24, gateway: none}
      wires: [{ends: [w08, gw], rate: {forward: 1Mbit/s, reverse: {max: 2Mbit/s}}}, {ends: [w08, gw]}]
      placement: [{apart: [w1, w2]}]
      timeline: [{after: 1h, nodes: {w1: {cpu: 2}, w2: {cpu: 2}}, networks: {lan: {rate: 2Gbit/s}}}]
      labels: {note: "a: ${X:-$}b"}
      """)
    let text = try roundTrip(lab)
    #expect(
      text == """
        name: lab
        lease: {start: 2027-01-07T08:00:00Z, duration: 4h}
        labels: {note: "a: $b"}
        nodes:
          w[1-2]: {cpu: 1, memory: 128MiB, site: brno}
          w[08-10]: {cpu: 1, memory: 128MiB}
          gw: {kind: router, cpu: 0.5, memory: 64MiB, exclusive: true}
        segments:
          lan: {members: [gw, "w[1-2]"], addresses: [10.1.0.0/24, "fd00::/64"], rate: {min: 1Gbit/s}}
          far:
            members:
              - {node: w1, interface: up, address: 10.2.0.9}
              - {node: gw, address: 10.2.0.1}
              - {node: w09, address: 10.2.0.2}
            addresses: 10.2.0.0/24
            gateway: none
        wires:
          - {ends: [w08, gw], rate: {forward: 1Mbit/s, reverse: {max: 2Mbit/s}}}
          - {ends: [w08, gw], name: w08-gw-2}
        placement:
          - {apart: ["w[1-2]"], at: host}
        timeline:
          - {after: 1h, nodes: {"w[1-2]": {cpu: 2}}, networks: {lan: {rate: 2Gbit/s}}}

        """)
  }

  @Test func strangeTextsSurvive() throws {
    var lab = try read("name: 'null'\nnodes: {'null': {}, 'true': {}, 7: {}}\nsegments: {n: {members: [\"null\", 7]}}")
    for (index, text) in [
      "", " ", "null", "~", "${X}", "$${", "$$${X", "${\u{301}", "$", "a: b", "- a", "#", "a #b",
      "\"\\\u{2028}\n\t\r\n",
      "é\u{feff}\u{a0}ž 漢字 🧪", "'", "{a}", "[1-3]", "&a", "*a", "!x", "%", "@", "`", "|", ">", "---", "...", "0x10",
      "1e5",
      " lead", "trail ", "<<", "=", "?", ":", "\u{fffe}", String(repeating: "long ", count: 300),
    ].enumerated() {
      lab.labels["k\(index)"] = text
      let line = String(text.unicodeScalars.filter { !["\n", "\r", "\t"].contains($0) }.map(Character.init))
      lab.nodes[0].labels["\(line.prefix(60))x\(index)"] = text
    }
    _ = try roundTrip(lab)
    lab.nodes[1].location = "a, b: [c] # ${d}"
    lab.nodes[2].image = .archive("/srv/a b, ${c}.tar")
    _ = try roundTrip(lab)
  }

  /// Neighbours that count up, but not as a range counts.
  @Test(arguments: [
    ["x098", "x099", "x100", "x101"], ["x98", "x99", "x100"], ["x08", "x9", "x10"], ["x0", "x1", "x01", "x02"],
    ["x999999999", "x1000000000", "x1000000001"], ["09", "10", "11"], ["x9", "x11", "x10"], ["x00", "x01"],
    (997...1001).map { "x0\($0)" }, (7...12).map { "x0\($0)" }, ["x09", "x010", "x10"],
  ]) func namesThatCountUpSurvive(names: [String]) throws {
    var lab = try read("name: lab\nnodes: {a: {}}\nsegments: {lan: {members: [a]}}")
    let (node, endpoint) = (lab.nodes[0], lab.networks[0].endpoints[0])
    lab.nodes = try names.map { name in
      var node = node
      node.name = try Name(parsing: name)
      return node
    }
    lab.networks[0].endpoints = lab.nodes.map { Endpoint(node: $0.name, interface: endpoint.interface) }
    _ = try roundTrip(lab)
  }

  @Test func manyDifferentNodesAreWrittenQuickly() throws {
    var lab = try read(
      "name: lab\nnodes:\n  w[1-9999]: {}\nsegments: {lan: {members: [\"w[1-9999]\"], addresses: 10.0.0.0/16}}")
    for index in lab.nodes.indices { lab.nodes[index].cpu = Cores(thousandths: UInt64(index % 2 + 1)) }
    var text = ""
    let time = ContinuousClock().measure { text = InfrastructureWriter.text(lab) }
    #expect(time < .seconds(60))
    #expect(try read(text) == lab)
  }

  @Test func tenThousandNodesAreALine() throws {
    let lab = try read(
      "name: lab\nnodes:\n  w[1-9999]: {}\nsegments: {lan: {members: [\"w[1-9999]\"], addresses: 10.0.0.0/16}}")
    #expect(try roundTrip(lab).utf8.count < 200)
  }

  @Test func randomInfrastructuresSurvive() throws {
    let random = RandomInfrastructure()
    for round in 0..<400 {
      let infrastructure = try random.next()
      let text = InfrastructureWriter.text(infrastructure)
      let again = try read(text)
      #expect(again == infrastructure, "seed \(SeededGenerator.seed), round \(round):\n\(text)")
    }
  }

  @Test func randomSubstratesSurvive() throws {
    let random = RandomInfrastructure()
    for round in 0..<200 {
      let substrate = try random.substrate()
      let text = SubstrateWriter.text(substrate)
      #expect(try readSubstrate(text) == substrate, "seed \(SeededGenerator.seed), round \(round):\n\(text)")
    }
  }
}
