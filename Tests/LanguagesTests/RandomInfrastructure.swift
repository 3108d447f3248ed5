import Infrastructure
import Quantities

/// Makes values of the model as a reader can return them.
final class RandomInfrastructure {
  private var generator = SeededGenerator()

  private func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
  private func chance(_ one: Int) -> Bool { number(1...one) == 1 }
  private func pick<T>(_ elements: [T]) -> T { elements[number(0...elements.count - 1)] }
  private func maybe<T>(_ value: @autoclosure () throws -> T) rethrows -> T? {
    chance(2) ? nil : try value()
  }

  private func rate() -> RateRange {
    let low = number(1...1_000_000_000)
    let minimum = maybe(Bitrate(bitsPerSecond: UInt64(low)))
    let high = low + (chance(3) ? 0 : number(0...1_000_000_000))
    return RateRange(minimum: minimum, maximum: maybe(Bitrate(bitsPerSecond: UInt64(high))))
  }

  private func labels() -> [String: String] {
    var labels: [String: String] = [:]
    for _ in 0..<(chance(3) ? number(1...4) : 0) { labels[text()] = text() }
    return labels
  }

  private func text() -> String {
    let scalars = Array("ab 1${}[]:,#'\"\\é\u{301}-&*!|>%@`~?\u{2028}\u{feff}🧪".unicodeScalars)
    var text = String.UnicodeScalarView()
    for _ in 0..<number(1...6) { text.append(pick(scalars)) }
    return String(text)
  }

  /// Networks by way of the reader, so that their addresses fit; the rest is set in the value.
  func next() throws -> VirtualInfrastructure {
    let count = number(2...7)
    let prefix = pick(["w", "w0", "n1-", ""])
    var text = "name: lab\nnodes:\n"
    for node in 1...count { text += "  \(prefix)\(node): {\(chance(3) ? "kind: router" : "")}\n" }
    var sections = "segments:\n"
    for segment in 0..<number(0...3) {
      var members = (1...count).filter { _ in chance(2) }
      if members.isEmpty { members = [1] }
      if chance(3) { members.shuffle(using: &generator) }
      let hasAddresses = chance(2)
      let list = members.map { member($0, prefix, segment, hasAddresses) }.joined(separator: ", ")
      let addresses = hasAddresses ? ", addresses: [10.\(segment).0.0/24, \"fd00:\(segment)::/64\"]" : ""
      sections += "  s\(segment): {members: [\(list)]\(addresses)\(chance(4) ? ", gateway: none" : "")}\n"
    }
    sections += "wires:\n"
    for wire in 0..<number(0...3) {
      let (a, b) = (number(1...count - 1), count)
      let ends = chance(4) ? "\"\(prefix)\(a):up\(wire)\", \(prefix)\(b)" : "\(prefix)\(a), \(prefix)\(b)"
      let addresses = chance(2) ? ", addresses: 172.16.\(wire).0/\(pick([24, 30, 31]))" : ""
      sections += "  - {ends: [\(ends)]\(addresses)\(chance(3) ? ", name: cable\(wire)" : "")}\n"
    }
    var infrastructure = try read(text + sections)
    for index in infrastructure.networks.indices {
      infrastructure.networks[index].rate = rate()
      if infrastructure.networks[index].kind == .wire { infrastructure.networks[index].reverseRate = maybe(rate()) }
      infrastructure.networks[index].maximumLatency = maybe(.nanoseconds(number(1...1_000_000_000)))
      infrastructure.networks[index].mtu = maybe(number(1280...9000))
      infrastructure.networks[index].labels = labels()
    }
    try dress(&infrastructure)
    try reserve(&infrastructure)
    return infrastructure
  }

  private func member(_ node: Int, _ prefix: String, _ segment: Int, _ hasAddresses: Bool) -> String {
    let address = hasAddresses && chance(4) ? ", address: 10.\(segment).0.\(node + number(0...1) * 100)" : ""
    let interface = chance(8) ? ", interface: \(pick(["data", "eth"]))\(segment)" : ""
    return "{node: \(prefix)\(node)\(interface)\(address)}"
  }

  private func software(_ interfaces: [String]) -> RouterSoftware? {
    var software = RouterSoftware()
    let daemons = FRRDaemon.allCases.filter { _ in chance(4) }
    software.routing = pick([.static, .bird(configuration: lines()), .frr(configuration: lines(), daemons: daemons)])
    software.nftables = maybe(lines())
    for interface in interfaces where chance(3) {
      software.qdiscs[interface] = pick([["pfifo"], ["tbf", "rate", "1m"]])
    }
    return software == RouterSoftware() ? nil : software
  }

  /// Texts of lines as configurations have them, and stranger ones.
  private func lines() -> String {
    let lines = (1...number(1...5)).map { _ in
      pick(["", " ", "\t", "  x", "x # y", "x: ${Y}", "$${", "- [", "|", text()])
    }
    let whole = lines.joined(separator: pick(["\n", "\n", "\r\n"])) + pick(["", "\n", "\n\n"])
    return whole.isEmpty ? "x" : whole
  }

  /// Sets what nodes have; routes lead to a neighbour.
  private func dress(_ infrastructure: inout VirtualInfrastructure) throws {
    for index in infrastructure.nodes.indices {
      var node = infrastructure.nodes[chance(2) ? max(0, index - 1) : index]
      node.name = infrastructure.nodes[index].name
      node.kind = infrastructure.nodes[index].kind
      node.routes = []
      if chance(2) {
        node.image = pick([.host, .directory("/srv/\(text().replacing("..", with: ""))x"), .archive("/srv/a b.tar")])
        node.cpu = Cores(thousandths: UInt64(number(1...8000)))
        node.memory = ByteCount(bytes: UInt64(number(4 << 20...4 << 30)))
        node.storage = ByteCount(bytes: UInt64(number(0...3) * 1_000_000_000))
        node.least = maybe(
          TimelineEvent.NodeChange(
            cpu: node.cpu.thousandths > 1 ? Cores(thousandths: 1) : nil,
            memory: node.memory.bytes > 4 << 20 ? maybe(ByteCount(bytes: 4 << 20)) : nil,
            storage: node.storage > .zero ? maybe(ByteCount(bytes: 7)) : nil))
        if node.least == TimelineEvent.NodeChange() { node.least = nil }
        node.location = maybe(text())
        node.isExclusive = chance(3)
        node.labels = labels()
      }
      node.software = node.kind == .router ? software(infrastructure.interfaces(of: node.name)) : nil
      infrastructure.nodes[index] = node
    }
    for network in infrastructure.networks {
      guard network.endpoints.count > 1, let via = network.endpoints[0].addresses.first, chance(3),
        let index = infrastructure.nodes.firstIndex(where: { $0.name == network.endpoints[1].node }),
        network.endpoints[1].node != network.endpoints[0].node, infrastructure.nodes[index].routes.isEmpty
      else { continue }
      let destination = try IPPrefix(parsing: pick(["10.99.0.0/16", "10.98.7.0/24"]))
      infrastructure.nodes[index].routes = [Route(destination: destination, gateway: via.address)]
    }
  }

  private func reserve(_ infrastructure: inout VirtualInfrastructure) throws {
    infrastructure.labels = labels()
    infrastructure.lease = Lease(
      start: maybe(Timestamp(seconds: Int64(number(0...4_000_000_000)))),
      duration: maybe(.milliseconds(number(1_000_000...1_000_000_000))))
    let names = infrastructure.nodes.map(\.name)
    for _ in 0..<number(0...2) {
      let members = Array(names.shuffled(using: &generator).prefix(number(2...names.count)))
      infrastructure.rules.append(PlacementRule(.apart, pick([.host, .site]), nodes: members))
    }
    if infrastructure.rules.isEmpty {
      infrastructure.rules = [PlacementRule(.together, pick([.host, .site]), nodes: names)]
      for index in infrastructure.nodes.indices { infrastructure.nodes[index].location = nil }
      if chance(2) { infrastructure.nodes[0].site = names[0] }
      if chance(2) { infrastructure.nodes[0].host = names[1] }
    }
    for step in 1...number(1...4) where chance(2) {
      var event = TimelineEvent(after: .seconds(step * 100))
      for name in names where chance(3) {
        event.nodes[name] = TimelineEvent.NodeChange(
          cpu: maybe(Cores(thousandths: 500)), memory: maybe(ByteCount(bytes: 5 << 20)), storage: maybe(.zero))
      }
      for network in infrastructure.networks where chance(2) {
        event.networks[network.name] = TimelineEvent.NetworkChange(
          rate: maybe(rate()), reverseRate: network.kind == .wire ? maybe(rate()) : nil)
      }
      infrastructure.timeline.append(event)
    }
  }

  func substrate() throws -> Substrate {
    func name(_ text: String) throws -> Name { try Name(parsing: text) }
    var vlans = VLANSet()
    for _ in 0..<number(0...5) { vlans.members.formUnion([UInt16(number(1...4094))].compactMap(VLANID.init)) }
    let sites = try (1...number(1...4)).map { Site(name: try name("s\($0)"), vlans: vlans) }
    var hosts: [Host] = []
    for index in 1...number(1...8) {
      var host = Host(
        name: try name("h\(index)"), site: pick(sites).name, kind: pick([.emulated, .real]),
        cpu: Cores(thousandths: UInt64(number(1...64000))), memory: ByteCount(bytes: UInt64(number(4 << 20...4 << 40))),
        storage: maybe(ByteCount(bytes: UInt64(number(0...1 << 50)))), slots: maybe(number(0...50)),
        location: maybe(text()), price: number(0...3), uplink: maybe(Bitrate(bitsPerSecond: UInt64(number(1...9999)))),
        mtu: pick([1500, 9000]))
      if let last = hosts.last, chance(2) {
        host = last
        host.name = try name("h\(index)")
      }
      hosts.append(host)
    }
    var links: [CoreLink] = []
    for (a, b) in zip(sites, sites.dropFirst()) where chance(2) {
      links.append(
        CoreLink(
          ends: Pair(b.name, a.name), rate: maybe(Bitrate(bitsPerSecond: UInt64(number(1...9999)))),
          latency: .nanoseconds(number(0...1_000_000)), price: number(0...3), mtu: pick([1500, 1280])))
    }
    return Substrate(name: try name("grid"), sites: sites, hosts: hosts, links: links, bestEffort: number(0...99))
  }
}

extension VirtualInfrastructure {
  fileprivate func interfaces(of node: Name) -> [String] {
    networks.flatMap(\.endpoints).filter { $0.node == node }.map(\.interface)
  }
}
