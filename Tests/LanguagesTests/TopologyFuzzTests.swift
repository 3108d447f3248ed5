import Infrastructure
import Languages
import Quantities
import Testing

/// Topologies that are damaged at random are read, or refused with a place; the readers never trap.
struct TopologyFuzzTests {
  private static let fragments = [
    "[", "]", "{", "}", ":", ",", "-", "\n", "\"", "\\u", "\\ud800", "1e999", "NaN", "-1", "null", "true", "0", "é",
    "</data>", "<node id=\"0\">", "<data key=\"d39\">", "<![CDATA[", "]]>", "<!--", "&amp;", "&#0;", "&x;", "<", ">",
    "<graph>", "\"source\": ", "\"pos\": ", "\"rate\": \"1Gbit/s\"", "\u{0}", "\u{FEFF}", "北",
  ]

  private func mutate(_ text: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var text = text
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
      let place = Int.random(in: 0...text.count, using: &generator)
      let end = min(text.count, place + Int.random(in: 0...12, using: &generator))
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: text.removeSubrange(place..<end)
      case 1: text.insert(contentsOf: (Self.fragments.randomElement(using: &generator) ?? "").utf8, at: place)
      case 2: text.insert(contentsOf: text[place..<end], at: Int.random(in: 0...text.count, using: &generator))
      case 3: text.replaceSubrange(place..<end, with: (Self.fragments.randomElement(using: &generator) ?? "").utf8)
      default: if place < text.count { text[place] = UInt8.random(in: 0...255, using: &generator) }
      }
    }
    return text
  }

  private func fuzz(
    _ original: [UInt8], rounds: Int, _ read: ([UInt8], TopologyDefaults) throws(Problem) -> Substrate
  ) {
    var generator = SeededGenerator()
    var (good, codes) = (0, Set<String>())
    for round in 0..<rounds {
      let text = mutate(original, &generator)
      let defaults = TopologyDefaults(hosts: Int.random(in: 0...3, using: &generator))
      do throws(Problem) {
        let substrate = try read(text, defaults)
        good += 1
        if let fault = fault(in: substrate) { Issue.record("seed \(SeededGenerator.seed), round \(round): \(fault)") }
      } catch {
        codes.insert(error.code)
        let numbers = (error.location ?? "").split(separator: ":").dropFirst().compactMap { Int($0) }
        let place = Comment("seed \(SeededGenerator.seed), round \(round): \(error)")
        #expect(numbers.count == 2 && numbers.allSatisfy { $0 > 0 }, place)
        #expect(error.kind == .invalid && !error.message.isEmpty && !error.remedy.isEmpty, place)
      }
    }
    // Damage that always gives the same answer, or always passes, would prove nothing.
    #expect(good > rounds / 50 && codes.count > 5, "\(good) of \(rounds) read, \(codes.sorted())")
  }

  @Test func nodeLink() throws {
    let text = #"""
      {"directed": false, "graph": {"name": "tiny"}, "nodes": [
       {"name": "Brno", "pos": [16.61, 49.2], "id": "0"}, {"label": "Praha", "Latitude": 50.1, "Longitude": 14.4, "id": 1},
       {"name": "\u017dilina", "pos": [18.74, 49.22], "id": "2"}],
       "edges": [{"dist": 186.2, "source": "0", "target": 1}, {"rate": "1Gbit/s", "source": "0", "target": "2"},
       {"latency": "2ms", "LinkSpeedRaw": 155000000.0, "source": 1, "target": "2"}]}
      """#
    fuzz(Array(text.utf8), rounds: 6000) { (text, defaults) throws(Problem) in
      try NodeLinkReader.read(text: text, file: "f.json", defaults: defaults)
    }
  }

  @Test func graphML() throws {
    fuzz(try topology("Example.graphml"), rounds: 3000) { (text, defaults) throws(Problem) in
      try GraphMLReader.read(text: text, file: "f.graphml", defaults: defaults)
    }
  }

  /// What the readers promise of a substrate.
  private func fault(in substrate: Substrate) -> String? {
    let sites = Set(substrate.sites.map(\.name))
    let names = substrate.sites.map(\.name) + substrate.hosts.map(\.name)
    if Set(names).count != names.count { return "names repeat" }
    if !substrate.hosts.allSatisfy({ sites.contains($0.site) }) { return "a host is nowhere" }
    var pairs: Set<Set<Name>> = []
    for link in substrate.links {
      if !sites.contains(link.ends.first) || !sites.contains(link.ends.second) { return "\(link) leads nowhere" }
      if link.ends.first == link.ends.second { return "\(link) is a loop" }
      if !pairs.insert([link.ends.first, link.ends.second]).inserted { return "\(link) is there twice" }
      if link.latency < .zero || link.latency > .seconds(60) { return "\(link) takes long" }
      if let rate = link.rate, !(1...1_000_000_000_000_000).contains(rate.bitsPerSecond) { return "\(link) is absurd" }
    }
    return nil
  }
}
