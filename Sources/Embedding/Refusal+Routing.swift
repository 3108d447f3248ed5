import Infrastructure
import Quantities

extension Refusal {
  /// Why a search found nothing, from the attempt that came nearest.
  static func explain(
    _ failure: SearchAttempt.Failure?, _ problem: SearchProblem, _ search: inout Search
  ) -> Refusal {
    switch failure {
    case .overdrawn(let state): return overdrawn(state, problem)
    case .deadEnd(let unit, let state):
      search.state = state
      return deadEnd(unit, problem, &search)
    case nil: return noHosts(problem.request)
    }
  }

  private static func deadEnd(_ number: Int, _ problem: SearchProblem, _ search: inout Search) -> Refusal {
    let unit = problem.units[number]
    let hosts = problem.allowed(unit).filter { unit.isKept || problem.tolerates(unit, $0) }
    let state = search.state
    if let short = shortage(of: unit, problem, hosts, after: state.placed, { state.free($0) }) { return short }
    let open = hosts.filter { state.fits(unit, $0) && !search.isBarred(number, $0) }
    guard let host = open.first else { return barred(unit, problem, state.placed) }
    for net in unit.networks where !state.routes[net].hosts.isEmpty {
      if let refusal = unreachable(net, number, open, problem, &search) { return refusal }
    }
    let name = problem.view.substrate.hosts[host].name
    return refusal(
      .refused, "no-way",
      "\(subject(unit, problem)) fits on host \(name), but its networks cannot all be led there",
      remedy: "Allow longer latencies, or pin the node and its neighbours nearer to each other.")
  }

  /// Why the network cannot reach any of `hosts`; nil where it can.
  private static func unreachable(
    _ net: Int, _ unit: Int, _ hosts: [Int], _ problem: SearchProblem, _ search: inout Search
  ) -> Refusal? {
    let network = problem.request.networks[net]
    let graph = problem.graph
    let there = graph.site(of: search.state.routes[net].hosts[0].host)
    search.spare.spread(from: [(there, 0)], graph) { _ in 1 }
    let joined = hosts.filter { search.spare.distance(to: graph.site(of: $0)) != nil }
    let sites = problem.view.substrate.sites
    guard !joined.isEmpty else {
      return notJoined(network, sites[there].name, sites[graph.site(of: hosts[0])].name)
    }
    guard let bound = network.maximumLatency else { return closed(network, problem, search) }
    search.spare.spread(from: [(there, 0)], graph, byLatency: true) { Float(graph.latency[$0 / 2]) * 1e-9 + 1e-6 }
    let spare = search.spare
    let nearest =
      joined.min { spare.latency(to: graph.site(of: $0)) < spare.latency(to: graph.site(of: $1)) } ?? joined[0]
    var best = (latency: search.spare.latency(to: graph.site(of: nearest)), from: there, to: graph.site(of: nearest))
    if problem.nets[net].members.count > 2 || best.latency <= problem.nets[net].bound ?? 0 {
      let terminals = Array(Set(search.state.routes[net].hosts.map { graph.site(of: $0.host) } + [best.to])).sorted()
      search.spare.spread(from: [(best.to, 0)], graph, byLatency: true) { Float(graph.latency[$0 / 2]) * 1e-9 + 1e-6 }
      let arcs = Array(Set(terminals.flatMap { search.spare.way(to: $0, graph) }))
      best = graph.diameter(of: arcs, terminals)
    }
    guard best.latency > problem.nets[net].bound ?? 0 else { return nil }
    return refusal(
      .refused, "too-far",
      "\(network.kind.rawValue) \(network.name) may have \(milliseconds(bound)) of latency at most but its best tree has "
        + "\(milliseconds(.nanoseconds(best.latency / 1000))) between sites \(sites[min(best.from, best.to)].name) and "
        + "\(sites[max(best.from, best.to)].name)",
      remedy: "Allow a longer latency, or pin the nodes of \(network.name) nearer to each other.")
  }

  private static func notJoined(_ network: Network, _ a: Name, _ b: Name) -> Refusal {
    refusal(
      .refused, "sites-not-joined",
      "\(network.kind.rawValue) \(network.name) needs sites \(a) and \(b), which no core links join",
      remedy: "Pin the nodes of \(network.name) to sites that are joined, or add a core link.")
  }

  private static func closed(_ network: Network, _ problem: SearchProblem, _ search: Search) -> Refusal? {
    guard let site = search.isClosed.firstIndex(of: true) else { return nil }
    return refusal(
      .refused, "vlans-exhausted",
      "site \(problem.view.substrate.sites[site].name) has no free VLAN for \(network.kind.rawValue) \(network.name)",
      remedy: "Take something down, or allow more VLANs at the site.",
      Bottleneck(.vlans(site: site), needed: 1, free: 0))
  }

  /// Units that must be apart find too few hosts with room for them and their networks.
  static func crowded(_ rule: SearchProblem.Rule, _ number: Int, _ problem: SearchProblem) -> Refusal {
    let unit = problem.units[number]
    let rate = Bitrate(bitsPerSecond: UInt64(unit.leaving))
    let links = unit.leaving == 0 ? "" : ", and links with \(rate) free in both directions together,"
    return refusal(
      .refused, "too-few-hosts",
      "\(subject(unit, problem)) finds no host of its own: \(rule.units.count) nodes must be on different hosts\(links) and "
        + "fewer hosts could take them",
      remedy: "Ask for fewer nodes apart, for less, or for lower minimum rates.")
  }

  private static func barred(_ unit: SearchProblem.Unit, _ problem: SearchProblem, _ placed: Int) -> Refusal {
    refusal(
      .refused, "rules-unmet",
      "\(subject(unit, problem)) finds no host that its placement rules allow once \(placed) other nodes are placed",
      remedy: "Ask for fewer nodes apart, or loosen the rule.")
  }

  /// The worst of the overdrawn links, and the first network, the largest rates first, that no longer goes over it.
  private static func overdrawn(_ state: SearchState, _ problem: SearchProblem) -> Refusal {
    guard let arc = state.worstArc else { return noHosts(problem.request) }
    let users = state.users(of: arc).map { net in (net: net, rate: state.rate(of: net, over: arc)) }
    var left = state.allotted[arc]
    var culprit = users.first
    for user in users.sorted(by: { ($0.rate, $1.net) > ($1.rate, $0.net) }) {
      culprit = user
      if user.rate > left { break }
      left -= user.rate
    }
    let free = Bitrate(bitsPerSecond: UInt64(max(0, left)))
    let needed = UInt64(max(0, state.allotted[arc] - state.room[arc]))
    let network = problem.request.networks[culprit?.net ?? 0]
    let what = "\(network.kind.rawValue) \(network.name) needs \(Bitrate(bitsPerSecond: UInt64(culprit?.rate ?? 0)))"
    let others = left == state.allotted[arc] ? "" : " after the infrastructure's other networks"
    let resource = problem.graph.resource(arc)
    let bottleneck = Bottleneck(resource, needed: needed, free: UInt64(max(0, state.allotted[arc])))
    let substrate = problem.view.substrate
    if case .link(let number, _) = resource {
      let link = substrate.links[number]
      return refusal(
        .refused, "core-link-full",
        "core link \(link.ends.first) - \(link.ends.second) has \(free) free of \(text(link.rate))\(others) but \(what)",
        remedy: "Ask for a lower minimum rate, or pin the nodes of \(network.name) to one site.", bottleneck)
    }
    let host = substrate.hosts[arc / 2 - problem.graph.links]
    return refusal(
      .refused, "uplink-full",
      "the uplink of host \(host.name) has \(free) free of \(text(host.uplink))\(others) but \(what)",
      remedy: "Ask for a lower minimum rate, or pin the nodes of \(network.name) to one host.", bottleneck)
  }

  static func text(_ rate: Bitrate?) -> String { rate.map { "\($0)" } ?? "unlimited" }

  /// A latency as people write it, such as `12 ms` or `0.25 ms`.
  static func milliseconds(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let micros = attoseconds / 1_000_000_000_000
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1000)
    guard !overflow else { return "\(seconds) s" }
    var fraction = String(1000 + micros % 1000).dropFirst()
    while fraction.last == "0" { fraction.removeLast() }
    return "\(whole + micros / 1000)\(fraction.isEmpty ? "" : ".\(fraction)") ms"
  }
}

extension SearchState {
  /// What is free now of a resource of a host.
  func free(_ resource: @escaping (Int) -> Resource) -> (Int) -> UInt64 {
    { host in
      switch resource(host) {
      case .cpu: freeCPU[host]
      case .memory: freeMemory[host]
      case .storage: freeStorage[host]
      case .slots: freeSlots[host]
      default: 0
      }
    }
  }

  /// What the network sends over the arc.
  func rate(of net: Int, over arc: Int) -> Int {
    let network = problem.nets[net]
    if arc / 2 < graph.links { return routes[net].arcs.contains(arc) ? network.forward : network.backward }
    let demand = demand(of: net, from: arc / 2 - graph.links)
    return arc % 2 == 0 ? demand.out : demand.back
  }
}
