import Infrastructure
import Quantities

extension TopologyDraft {
  /// The substrate: a site for each place, with hosts as `defaults` say, and a core link for each pair that is
  /// joined.
  ///
  /// Throws `no-sites`, `duplicate-site`, `no-such-site`, `link-loop`, `out-of-bounds` or `too-many`.
  func substrate(_ file: String, _ defaults: TopologyDefaults) throws(Problem) -> Substrate {
    let start = Mark(file: file, line: 1, column: 1)
    guard !places.isEmpty else {
      throw start.problem("no-sites", "The topology has no nodes.", remedy: "Give it at least one node.")
    }
    try defaults.check(places: places.count, start)
    var pool = NamePool()
    let names = places.enumerated().map { index, place in pool.take(place.base(index)) }
    let sites = names.map { Site(name: $0, vlans: defaults.vlans) }
    let hosts = names.flatMap { site in
      pool.hosts(at: site, count: defaults.hosts).map { defaults.host($0, at: site) }
    }
    let base = name.flatMap(PlaceName.folded) ?? PlaceName.ofFile(file) ?? "topology"
    var substrateName = NamePool()
    return Substrate(
      name: substrateName.take(base), sites: sites, hosts: hosts, links: try links(names, defaults))
  }

  private func links(_ names: [Name], _ defaults: TopologyDefaults) throws(Problem) -> [CoreLink] {
    var bundle = CableBundle(names: names)
    let directory = try directory()
    for cable in cables {
      let source = try place(cable.source, cable, directory)
      let target = try place(cable.target, cable, directory)
      guard source != target else {
        throw cable.mark.problem(
          "link-loop", "A link has node '\(cable.source.excerpt)' at both ends.",
          remedy: "Remove it, or join two nodes.")
      }
      try bundle.add(
        cable, from: source, to: target, rate: cable.rate ?? defaults.rate,
        latency: cable.latency ?? defaults.latency(cable.length ?? distance(source, target)))
    }
    return bundle.links
  }

  private func directory() throws(Problem) -> [String: Int] {
    var directory: [String: Int] = [:]
    for (index, place) in places.enumerated() {
      if let earlier = directory.updateValue(index, forKey: place.identity) {
        throw place.mark.problem(
          "duplicate-site",
          "There is a second node '\(place.identity.excerpt)'; the first is on \(places[earlier].mark.short).",
          remedy: "Give each node an id of its own.")
      }
    }
    return directory
  }

  private func place(_ identity: String, _ cable: Cable, _ directory: [String: Int]) throws(Problem) -> Int {
    if let index = directory[identity] { return index }
    throw cable.mark.problem(
      "no-such-site", "A link leads to node '\(identity.excerpt)', which is not there.",
      // The nearest of very many would take long to find.
      remedy: places.count <= 1000 ? Remedy.nearest(identity, among: places.map(\.identity)) : "Write a node's id.")
  }

  /// Along the great circle; nil where a position is not known.
  private func distance(_ source: Int, _ target: Int) -> Double? {
    guard let from = places[source].position, let to = places[target].position else { return nil }
    return from.kilometres(to: to)
  }
}

extension TopologyDraft.Place {
  /// What its name is made from: the label, else the identity, else its number from 1.
  fileprivate func base(_ index: Int) -> String {
    if let name = label.flatMap(PlaceName.folded) { return name }
    guard let name = PlaceName.folded(identity) else { return "site-\(index + 1)" }
    return name.utf8.allSatisfy { (0x30...0x39).contains($0) } ? "site-\(name)" : name
  }
}

extension TopologyDefaults {
  /// Throws `out-of-bounds` or `too-many`, at the file for which they are meant.
  fileprivate func check(places: Int, _ mark: Mark) throws(Problem) {
    guard (0...10_000).contains(hosts) else {
      throw mark.problem(
        "out-of-bounds", "A site cannot have \(hosts) hosts.", remedy: "Ask for 0 to 10000 hosts a site.")
    }
    guard latencyPerKilometre >= .zero, latencyPerKilometre <= .milliseconds(1) else {
      throw mark.problem(
        "out-of-bounds", "A link cannot have \(latencyPerKilometre) of latency a km.", remedy: "Ask for 0 to 1 ms.")
    }
    guard places * hosts <= TopologyDraft.maximumHosts else {
      throw mark.problem(
        "too-many", "\(places) sites with \(hosts) hosts each are more than \(TopologyDraft.maximumHosts) hosts.",
        remedy: "Ask for fewer hosts a site.")
    }
  }

  fileprivate func host(_ name: Name, at site: Name) -> Host {
    Host(name: name, site: site, kind: kind, cpu: cpu, memory: memory, storage: storage, uplink: uplink)
  }

  /// Of a link of that many km, to the nanosecond below, at most 60 s; none where the length is not known.
  fileprivate func latency(_ kilometres: Double?) -> Duration {
    guard let kilometres else { return .zero }
    let each = latencyPerKilometre.components
    let nanoseconds = (Double(each.seconds) * 1e9 + Double(each.attoseconds) / 1e9) * kilometres
    return .nanoseconds(Int64(min(nanoseconds.rounded(.down), 60e9)))
  }
}
