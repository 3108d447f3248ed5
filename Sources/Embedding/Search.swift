import Algorithms
import Infrastructure
import Quantities

/// Moves over a `SearchState`: where a unit could go, putting it there, taking it elsewhere.
///
/// While `isHard` is false links may be overdrawn at a price; hosts never.
struct Search {
  struct Candidate {
    var host: Int
    /// Estimated: each network by itself, on the links as they are.
    var cost: Float
  }

  /// Price of a Mbit/s of overdraft, in both directions together, where a link costs 1 a Mbit/s.
  static let penalty: Float = 4e-6
  /// Networks of one unit that are estimated; the others are only routed.
  static let estimated = 16
  /// Sites explored around a network before a look at what was found.
  static let ball = 2048

  let problem: SearchProblem
  let graph: SubstrateGraph
  var state: SearchState
  var isHard = false
  /// Sites settled and hosts looked at so far: the search's measure of work.
  var steps = 0
  var fields: [PathField] = []
  /// The same by latency, for networks with a bound.
  var latencyFields: [PathField] = []
  var spare: PathField
  /// Sites where no VLAN is left: no network may cross them.
  let isClosed: [Bool]
  var random: SplitMix64
  /// Stamps of hosts and sites that rules bar for the unit at hand.
  private var barredHosts: [UInt32]
  private var barredSites: [UInt32]
  private var stamp: UInt32 = 0

  init(_ problem: SearchProblem, _ prices: Prices, seed: UInt64) {
    self.problem = problem
    graph = problem.graph
    state = SearchState(problem, prices)
    spare = PathField(sites: graph.sites)
    random = SplitMix64(state: seed)
    let core = problem.view.substrate.core
    let needsVLANs = problem.request.networks.contains { $0.needsVLAN(over: core) }
    isClosed = (0..<graph.sites).map { needsVLANs && problem.view.free(.vlans(site: $0)) == 0 }
    barredHosts = Array(repeating: 0, count: graph.hosts)
    barredSites = Array(repeating: 0, count: graph.sites)
  }

  /// What the search makes small: what links cost, and what they lack.
  var energy: Double { state.cost + Double(Self.penalty) * Double(state.overdraft) }

  /// The hosts where the unit would cost least, best first, at most `most`.
  ///
  /// - Parameter site: Only there; nil is anywhere.
  mutating func candidates(for number: Int, most: Int, site: Int? = nil, except: Int = -1) -> [Candidate] {
    let unit = problem.units[number]
    let nets = joined(unit)
    bar(number)
    let wanted = withSite(unit) ?? site
    var ball = Self.ball
    while true {
      for (slot, net) in nets.enumerated() { explore(net, slot, from: number, most: ball) }
      var best: [Candidate] = []
      if let host = unit.host {
        consider(host, unit, number, nets, most, &best)
      } else {
        eachSite(nets, wanted) { search, site in
          if let pinned = unit.site, pinned != site { return }
          for host in search.graph.hosts(at: site) where Int(host) != except {
            search.consider(Int(host), unit, number, nets, most, &best)
          }
        }
      }
      if !best.isEmpty || nets.isEmpty || ball >= graph.sites { return best }
      ball = ball > graph.sites / 8 ? .max : ball * 8
    }
  }

  /// Networks of the unit that have a member somewhere, the heaviest first.
  private func joined(_ unit: SearchProblem.Unit) -> [Int] {
    let nets = unit.networks.filter { !state.routes[$0].hosts.isEmpty }
    if nets.count <= Self.estimated { return nets }
    return Array(nets.sorted { (problem.nets[$1].weight, $0) < (problem.nets[$0].weight, $1) }.prefix(Self.estimated))
  }

  private mutating func eachSite(_ nets: [Int], _ wanted: Int?, _ body: (inout Search, Int) -> Void) {
    if let wanted { return body(&self, wanted) }
    guard !nets.isEmpty else {
      for site in 0..<graph.sites { body(&self, site) }
      return
    }
    let smallest = nets.indices.min { fields[$0].settled.count < fields[$1].settled.count } ?? 0
    for site in fields[smallest].settled { body(&self, Int(site)) }
  }

  private mutating func consider(
    _ host: Int, _ unit: SearchProblem.Unit, _ number: Int, _ nets: [Int], _ most: Int, _ best: inout [Candidate]
  ) {
    steps += 1
    guard state.fits(unit, host), problem.allows(unit, host), barredHosts[host] != stamp,
      barredSites[graph.site(of: host)] != stamp, unit.isKept || problem.tolerates(unit, host),
      let cost = estimate(host, unit, number, nets)
    else { return }
    if best.count == most, let last = best.last, cost >= last.cost { return }
    if best.count == most { best.removeLast() }
    var position = best.count
    while position > 0, best[position - 1].cost > cost { position -= 1 }
    best.insert(Candidate(host: host, cost: cost), at: position)
  }

  /// Nil where the host cannot be reached, or, while `isHard`, where a link has no room.
  private func estimate(_ host: Int, _ unit: SearchProblem.Unit, _ number: Int, _ nets: [Int]) -> Float? {
    let site = graph.site(of: host)
    var cost = state.prices.host(unit, host, state)
    var (out, back, over) = (0, 0, 0)
    for (slot, net) in nets.enumerated() {
      let hosts = state.routes[net].hosts
      if hosts.contains(where: { $0.host == host }) { continue }
      guard let distance = distance(slot, net, to: site) else { return nil }
      let demand = demand(net, at: number)
      out += demand.out
      back += demand.back
      cost += distance + problem.nets[net].weight * state.toll[graph.links + host]
      if hosts.count == 1 { over += lack(graph.uplink(hosts[0].host), demand.back, demand.out) }
    }
    over += lack(graph.uplink(host), out, back)
    let around = roomAround(host, site)
    if unit.leaving > around { over += unit.leaving - around }
    if isHard, over > 0 { return nil }
    cost += Self.penalty * Float(over)
    // Neighbours still to come will need links: better where there are some.
    if nets.count < unit.networks.count { cost -= 5e-9 * Float(min(around, 3 * unit.leaving)) }
    return cost
  }

  private func distance(_ slot: Int, _ net: Int, to site: Int) -> Float? {
    guard let distance = fields[slot].distance(to: site) else { return nil }
    guard let bound = problem.nets[net].bound, fields[slot].latency(to: site) > bound else { return distance }
    guard latencyFields[slot].distance(to: site) != nil else { return nil }
    if latencyFields[slot].latency(to: site) <= bound { return distance * 1.5 }
    // Another tree over all members may still be short enough.
    return problem.nets[net].members.count > 2 ? distance + 1e6 : nil
  }

  /// Bit/s that can leave the host, both directions together: over its uplink and, where it is alone at its
  /// site, over the site's links.
  private func roomAround(_ host: Int, _ site: Int) -> Int {
    let arc = graph.uplink(host)
    let uplink = min(max(0, state.room[arc]), 1 << 50) + min(max(0, state.room[arc + 1]), 1 << 50)
    return graph.hosts(at: site).count == 1 ? min(uplink, state.room(around: site)) : uplink
  }

  /// What the arc and its opposite lack for these rates beyond what they lack already.
  private func lack(_ arc: Int, _ out: Int, _ back: Int) -> Int {
    max(0, out - max(0, state.room[arc])) + max(0, back - max(0, state.room[arc + 1]))
  }

  /// What the network sends from this unit, and what it receives there.
  func demand(_ net: Int, at unit: Int) -> (out: Int, back: Int) {
    let network = problem.nets[net]
    return network.first == unit ? (network.forward, network.backward) : (network.backward, network.forward)
  }

  private func withSite(_ unit: SearchProblem.Unit) -> Int? {
    for rule in unit.rules where problem.rules[rule].kind == .together {
      for other in problem.rules[rule].units where state.hostOf[other] >= 0 {
        return graph.site(of: state.hostOf[other])
      }
    }
    return nil
  }

  private mutating func bar(_ number: Int) {
    stamp &+= 1
    for rule in problem.units[number].rules where problem.rules[rule].kind == .apart {
      for other in problem.rules[rule].units where other != number && state.hostOf[other] >= 0 {
        if problem.rules[rule].place == .host {
          barredHosts[state.hostOf[other]] = stamp
        } else {
          barredSites[graph.site(of: state.hostOf[other])] = stamp
        }
      }
    }
  }

  /// Whether rules let the unit stand there, seen from where the others stand.
  mutating func isBarred(_ number: Int, _ host: Int) -> Bool {
    bar(number)
    if let site = withSite(problem.units[number]), site != graph.site(of: host) { return true }
    return barredHosts[host] == stamp || barredSites[graph.site(of: host)] == stamp
  }
}
