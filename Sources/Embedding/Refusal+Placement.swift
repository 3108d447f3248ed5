import Infrastructure
import Quantities

extension Refusal {
  /// Refuses units that would not fit even if they came alone.
  static func check(_ problem: SearchProblem) throws(Refusal) {
    let view = problem.view
    guard !view.substrate.hosts.isEmpty || problem.units.isEmpty else { throw noHosts(problem.request) }
    for unit in problem.units {
      let node = problem.request.nodes[unit.nodes[0]]
      let hosts = problem.allowed(unit)
      if hosts.isEmpty { throw placeWithoutHosts(node) }
      let tolerant = unit.isKept ? hosts : hosts.filter { problem.tolerates(unit, $0) }
      if tolerant.isEmpty { throw occupied(node, unit, hosts, problem) }
      let free: (@escaping (Int) -> Resource) -> (Int) -> UInt64 = { resource in { view.free(resource($0)) } }
      if let refusal = shortage(of: unit, problem, tolerant, after: 0, free) { throw refusal }
    }
    try total(problem)
  }

  /// All units together against all hosts together.
  private static func total(_ problem: SearchProblem) throws(Refusal) {
    let hosts = problem.view.substrate.hosts.indices
    let kinds: [(String, KeyPath<SearchProblem.Unit, UInt64>, (Int) -> Resource)] = [
      ("cores", \.cpu, { .cpu(host: $0) }), ("memory", \.memory, { .memory(host: $0) }),
      ("storage", \.storage, { .storage(host: $0) }), ("slots", \.slots, { .slots(host: $0) }),
    ]
    for (what, amount, resource) in kinds {
      let asked = problem.units.reduce(0) { saturatingSum($0, $1[keyPath: amount]) }
      let free = hosts.reduce(UInt64(0)) { saturatingSum($0, problem.view.free(resource($1))) }
      guard asked > free, let first = hosts.first else { continue }
      // The numbers of one site say more where all are pinned there.
      if let site = problem.units[0].site, problem.units.allSatisfy({ $0.site == site }) { continue }
      throw refusal(
        .refused, what == "cores" ? "no-cpu" : "no-\(what)",
        "infrastructure \(problem.request.name) needs \(Substrate.text(asked, of: resource(first))) of \(what) together "
          + "but all hosts together have \(Substrate.text(free, of: resource(first))) free",
        remedy: "Ask for less, or take something down.", Bottleneck(resource(first), needed: asked, free: free))
    }
  }

  /// What no host of `hosts` has enough of for the unit; nil where one has enough of everything.
  ///
  /// - Parameter free: What is free of a resource at a host.
  static func shortage(
    of unit: SearchProblem.Unit, _ problem: SearchProblem, _ hosts: [Int], after placed: Int,
    _ free: (@escaping (Int) -> Resource) -> (Int) -> UInt64
  ) -> Refusal? {
    let cpu = free { .cpu(host: $0) }
    let memory = free { .memory(host: $0) }
    let storage = free { .storage(host: $0) }
    let slots = free { .slots(host: $0) }
    let fits = hosts.contains {
      unit.cpu <= cpu($0) && unit.memory <= memory($0) && unit.storage <= storage($0) && unit.slots <= slots($0)
    }
    if fits { return nil }
    let kinds: [(code: String, what: String, amount: UInt64, free: (Int) -> UInt64, resource: (Int) -> Resource)] = [
      ("no-cpu", "", unit.cpu, cpu, { .cpu(host: $0) }),
      ("no-memory", " of memory", unit.memory, memory, { .memory(host: $0) }),
      ("no-storage", " of storage", unit.storage, storage, { .storage(host: $0) }),
      ("no-slots", " slots", unit.slots, slots, { .slots(host: $0) }),
    ]
    for kind in kinds {
      let roomiest = hosts.max { (kind.free($0), $1) < (kind.free($1), $0) } ?? hosts[0]
      guard kind.amount > kind.free(roomiest) else { continue }
      return lacking(
        unit, problem, hosts, placed, kind.code, kind.what, kind.amount, kind.free(roomiest), kind.resource(roomiest),
        roomiest)
    }
    return torn(unit, problem, hosts, placed, cpu, memory)
  }

  private static func lacking(
    _ unit: SearchProblem.Unit, _ problem: SearchProblem, _ hosts: [Int], _ placed: Int, _ code: String,
    _ what: String, _ amount: UInt64, _ free: UInt64, _ resource: Resource, _ host: Int
  ) -> Refusal {
    let needed = Substrate.text(amount, of: resource)
    let most = code == "no-cpu" ? "\(Cores(thousandths: free))" : Substrate.text(free, of: resource)
    let place = scope(of: unit, problem, hosts)(others(placed), most, problem.view.substrate.hosts[host].name)
    return refusal(
      .refused, code, "\(subject(unit, problem)) \(verb(unit)) \(needed)\(what) but \(place)",
      remedy: "Ask for less, widen the node's site or host, or take something down.",
      Bottleneck(resource, needed: amount, free: free))
  }

  /// No resource is short by itself, but no host has all of them.
  private static func torn(
    _ unit: SearchProblem.Unit, _ problem: SearchProblem, _ hosts: [Int], _ placed: Int, _ cpu: (Int) -> UInt64,
    _ memory: (Int) -> UInt64
  ) -> Refusal {
    let roomiest = hosts.max { (cpu($0), $1) < (cpu($1), $0) } ?? hosts[0]
    let largest = hosts.max { (memory($0), $1) < (memory($1), $0) } ?? hosts[0]
    let names = problem.view.substrate.hosts
    return refusal(
      .refused, "no-host",
      "\(subject(unit, problem)) \(verb(unit)) \(Cores(thousandths: unit.cpu)) cores and \(ByteCount(bytes: unit.memory)) of "
        + "memory at one place\(others(placed)), but host \(names[roomiest].name) has the cores without the rest and "
        + "host \(names[largest].name) the memory without the rest",
      remedy: "Ask for less, widen the node's site or host, or take something down.")
  }

  static func subject(_ unit: SearchProblem.Unit, _ problem: SearchProblem) -> String {
    let names = unit.nodes.map { problem.request.nodes[$0].name.description }
    return names.count == 1
      ? "node \(names[0])" : "nodes \(names.prefix(4).joined(separator: ", "))\(names.count > 4 ? " …" : "") together"
  }

  private static func verb(_ unit: SearchProblem.Unit) -> String { unit.nodes.count == 1 ? "needs" : "need" }

  private static func others(_ placed: Int) -> String {
    placed == 0 ? "" : " once \(placed) other \(placed == 1 ? "node is" : "nodes are") placed"
  }

  /// Says what is free at most where the unit may go.
  private static func scope(
    of unit: SearchProblem.Unit, _ problem: SearchProblem, _ hosts: [Int]
  ) -> (_ others: String, _ free: String, _ host: Name) -> String {
    guard unit.host == nil, hosts.count > 1 else { return { "host \($2) has only \($1) free\($0)" } }
    let place = unit.site.map { "any host of site \(problem.view.substrate.sites[$0].name)" } ?? "any host"
    return { "the most \(place) has free\($0) is \($1) (host \($2))" }
  }

  private static func placeWithoutHosts(_ node: Node) -> Refusal {
    if let location = node.location {
      let place = node.site.map { " of site \($0)" } ?? ""
      return refusal(
        .refused, "no-host-there", "no host\(place) has location '\(location)', which node \(node.name) asks for",
        remedy: "'virtcloud substrate show' lists hosts; ask for another location, or leave it out.")
    }
    let site = node.site?.description ?? ""
    return refusal(
      .refused, "site-without-hosts", "site \(site) has no host for node \(node.name)",
      remedy: "Name a site that has hosts, or add one to the substrate file.")
  }

  private static func occupied(
    _ node: Node, _ unit: SearchProblem.Unit, _ hosts: [Int], _ problem: SearchProblem
  ) -> Refusal {
    let free = hosts.map { problem.view.free(.tenancy(host: $0)) }.max() ?? 0
    let why =
      unit.isExclusive
      ? "wants a host for itself, but every host it may go to has others' nodes"
      : "may only go to hosts that others hold exclusively"
    return refusal(
      .refused, "no-exclusive-host", "node \(node.name) \(why)",
      remedy: "Widen the node's site or host, leave 'exclusive' out, or wait until something ends.",
      Bottleneck(.tenancy(host: hosts[0]), needed: unit.isExclusive ? Resource.wholeHost : 1, free: free))
  }
}
