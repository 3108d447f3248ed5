import Foundation
import Infrastructure
import Languages
import Quantities
import Testing

/// Files that are damaged at random are read, or refused with a place; the reader never traps.
struct FuzzTests {
  private static let fragments = [
    "[", "]", "{", "}", ":", ",", "-", "\n", "  ", "\t", "&a ", "*a", "${X}", "$${", "${", "!!int ", "---\n", "0",
    "9999999999",
    "[1-3]", "[1-999999999]", "null", "~", "'", "\"", "#", "\u{0}", "é", "10.1.0.0/32", "::/0", "worker1", "gw", "|\n",
    "<<: ", "? ",
    "rate: ", "eth0", "\u{FEFF}", "1e30", "-1",
  ]

  private func mutate(_ text: [UInt8], edits: Int, _ generator: inout SeededGenerator) -> [UInt8] {
    var text = text
    for _ in 0..<Int.random(in: 1...edits, using: &generator) {
      let place = Int.random(in: 0...text.count, using: &generator)
      let end = min(text.count, place + Int.random(in: 0...12, using: &generator))
      switch Int.random(in: 0..<5, using: &generator) {
      case 0: text.removeSubrange(place..<end)
      case 1: text.insert(contentsOf: Array((Self.fragments.randomElement(using: &generator) ?? "").utf8), at: place)
      case 2: text.insert(contentsOf: text[place..<end], at: Int.random(in: 0...text.count, using: &generator))
      case 3: text.replaceSubrange(place..<end, with: (Self.fragments.randomElement(using: &generator) ?? "").utf8)
      default: if place < text.count { text[place] = UInt8.random(in: 0...255, using: &generator) }
      }
    }
    return text
  }

  private func fuzz(_ path: String, rounds: Int, _ read: ([UInt8]) throws(Problem) -> Void) throws {
    try fuzz(bytes(of: path), of: path, rounds: rounds, read)
  }

  private func fuzz(
    _ original: [UInt8], of path: String, rounds: Int, edits: Int = 4, _ read: ([UInt8]) throws(Problem) -> Void
  ) throws {
    var generator = SeededGenerator()
    var (good, codes) = (0, Set<String>())
    for round in 0..<rounds {
      let text = mutate(original, edits: edits, &generator)
      do {
        try read(text)
        good += 1
      } catch {
        codes.insert(error.code)
        let place = Comment("\(path), seed \(SeededGenerator.seed), round \(round): \(error)")
        let numbers = (error.location ?? "").split(separator: ":").dropFirst().compactMap { Int($0) }
        #expect(numbers.count == 2 && numbers.allSatisfy { $0 > 0 }, place)
        #expect(error.kind == .invalid && !error.message.isEmpty && !error.remedy.isEmpty, place)
      }
    }
    // Damage that always gives the same answer, or always passes, would prove nothing.
    #expect(good > rounds / 50 && codes.count > 8, "\(path): \(good) of \(rounds) read, \(codes.sorted())")
  }

  @Test(arguments: ["mpi-lab", "hello"]) func infrastructures(name: String) throws {
    try fuzz("examples/\(name).vc.yaml", rounds: 4000) { (text) throws(Problem) in
      let infrastructure = try InfrastructureReader.read(text: text, file: "f.yaml", environment: ["X": "10"])
      if let fault = fault(in: infrastructure) { Issue.record("\(fault): \(String(decoding: text, as: UTF8.self))") }
    }
  }

  @Test func configurations() throws {
    try fuzz("packaging/examples/site.service.yaml", rounds: 2000) { (text) throws(Problem) in
      _ = try ServiceConfigurationReader.read(text: text, file: "f.yaml", environment: ["X": "10"], files: playedFiles)
    }
  }

  /// The example of the file reference has rules, a timeline and labels too.
  @Test func everythingThatIsReadCanBeWritten() throws {
    let reference = try String(decoding: bytes(of: "docs/file.md"), as: UTF8.self)
    let example = try #require(reference.components(separatedBy: "```yaml\n").dropFirst().first)
    let text = try #require(example.components(separatedBy: "```").first)
    try fuzz(Array(text.utf8), of: "docs/file.md", rounds: 4000, edits: 1) { (text) throws(Problem) in
      let infrastructure = try InfrastructureReader.read(text: text, file: "f.yaml", environment: ["X": "10"])
      if let fault = fault(in: infrastructure) { Issue.record("\(fault): \(String(decoding: text, as: UTF8.self))") }
      let written = InfrastructureWriter.text(infrastructure)
      let again = try InfrastructureReader.read(text: Array(written.utf8), file: "g.yaml", environment: [:])
      #expect(again == infrastructure, "\(written)")
    }
  }

  @Test func substrates() throws {
    try fuzz("examples/metacenter.substrate.yaml", rounds: 4000) { (text) throws(Problem) in
      _ = try SubstrateReader.read(text: text, file: "f.yaml", environment: [:])
    }
  }

  /// What `VirtualInfrastructure` promises of a value that a reader returns.
  private func fault(in infrastructure: VirtualInfrastructure) -> String? {
    let names = Set(infrastructure.nodes.map(\.name))
    let networks = Set(infrastructure.networks.map(\.name))
    if names.count != infrastructure.nodes.count { return "node names repeat" }
    if networks.count != infrastructure.networks.count { return "network names repeat" }
    for rule in infrastructure.rules where rule.nodes.count < 2 || Set(rule.nodes).count != rule.nodes.count {
      return "a rule has \(rule.nodes)"
    }
    for (event, next) in zip(infrastructure.timeline, infrastructure.timeline.dropFirst())
    where event.after >= next.after { return "events do not rise" }
    for event in infrastructure.timeline where !names.isSuperset(of: event.nodes.keys) { return "an event is strange" }
    var interfaces: Set<String> = []
    for network in infrastructure.networks {
      if network.kind == .wire, network.endpoints.count != 2 { return "a wire has no two ends" }
      let addresses = network.endpoints.flatMap(\.addresses)
      if Set(addresses).count != addresses.count { return "an address repeats in \(network.name)" }
      for endpoint in network.endpoints {
        if !names.contains(endpoint.node) { return "\(endpoint.node) does not exist" }
        if !interfaces.insert("\(endpoint.node):\(endpoint.interface)").inserted { return "an interface repeats" }
        if !(1...15).contains(endpoint.interface.utf8.count) { return "an interface name is too long" }
        for (address, prefix) in zip(endpoint.addresses, network.prefixes)
        where !prefix.contains(address.address) || address.length != prefix.length { return "\(address) is outside" }
        if endpoint.addresses.count != network.prefixes.count { return "\(endpoint) lacks an address" }
      }
    }
    return nil
  }
}
