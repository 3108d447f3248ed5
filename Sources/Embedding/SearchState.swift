import Infrastructure
import Quantities

/// A partial embedding under search: where units are, which links the networks take, and what is left.
///
/// Links may be overdrawn while a search goes on (`room` below zero); hosts never are. `cost` and `overdraft`
/// follow every change, so that a move is judged by their difference.
struct SearchState {
  /// What one network occupies.
  struct Route {
    /// Hosts with at least one member and how many units there, in the order in which they came.
    var hosts: [(host: Int, units: Int)] = []
    /// Core arcs, oriented so that what leaves the first endpoint flows along them.
    var arcs: [Int] = []
  }

  let problem: SearchProblem
  let graph: SubstrateGraph
  let prices: Prices
  /// Host of each unit; -1 is not placed.
  private(set) var hostOf: [Int]
  private(set) var routes: [Route]
  /// Bit/s free on each arc, uplinks included.
  private(set) var room: [Int]
  /// Bit/s that were free on each arc before this request.
  let allotted: [Int]
  private(set) var freeCPU, freeMemory, freeStorage, freeSlots: [UInt64]
  /// Units of this request on each host.
  private(set) var guests: [Int32]
  /// What a unit of weight pays on each link: its price, the dearer the more it was overdrawn in this search.
  private(set) var toll: [Float]
  /// Sum over networks of weight times price of the links taken.
  private(set) var cost = 0.0
  /// Bit/s by which arcs are overdrawn, all together: thousands of the highest rates over long ways pass 63 bits.
  private(set) var overdraft: Int128 = 0
  private(set) var placed = 0

  init(_ problem: SearchProblem, _ prices: Prices) {
    self.problem = problem
    self.prices = prices
    graph = problem.graph
    let view = problem.view
    hostOf = Array(repeating: -1, count: problem.units.count)
    routes = Array(repeating: Route(), count: problem.nets.count)
    func free(_ resource: (Int) -> Resource) -> [UInt64] { (0..<problem.graph.hosts).map { view.free(resource($0)) } }
    freeCPU = free { .cpu(host: $0) }
    freeMemory = free { .memory(host: $0) }
    freeStorage = free { .storage(host: $0) }
    freeSlots = free { .slots(host: $0) }
    guests = Array(repeating: 0, count: graph.hosts)
    toll = prices.link
    func bits(_ resource: Resource) -> Int { Int(min(view.free(resource), 1 << 61)) }
    var arcs = [Int](repeating: 0, count: 2 * (graph.links + graph.hosts))
    for link in 0..<graph.links {
      arcs[2 * link] = bits(.link(link, .forward))
      arcs[2 * link + 1] = bits(.link(link, .reverse))
    }
    for host in 0..<graph.hosts {
      arcs[graph.uplink(host)] = bits(.uplink(host: host, .forward))
      arcs[graph.uplink(host) + 1] = bits(.uplink(host: host, .reverse))
    }
    room = arcs
    allotted = arcs
  }

  /// Whether the host has room for the unit's processor, memory, storage and slots.
  func fits(_ unit: SearchProblem.Unit, _ host: Int) -> Bool {
    unit.cpu <= freeCPU[host] && unit.memory <= freeMemory[host] && unit.storage <= freeStorage[host]
      && unit.slots <= freeSlots[host]
  }

  /// Bit/s that a site's core arcs still carry, both directions together.
  func room(around site: Int) -> Int {
    var sum = 0
    for position in Int(graph.firstArc[site])..<Int(graph.firstArc[site + 1]) {
      let arc = Int(graph.arcs[position])
      sum += min(max(0, room[arc]), 1 << 50) + min(max(0, room[arc ^ 1]), 1 << 50)
      // More than all networks of a file together.
      if sum > 1 << 61 { return sum }
    }
    return sum
  }

  /// Makes links that are overdrawn now dearer for the rest of the search (L. McMurchie and C. Ebeling,
  /// *PathFinder: a negotiation-based performance-driven router for FPGAs*, 1995).
  mutating func raiseTolls() {
    for arc in room.indices where room[arc] < 0 {
      toll[arc / 2] += prices.link[arc / 2] * 0.5 * Float(-room[arc]) / Float(allotted[arc] + 10_000_000)
    }
    recount()
  }

  mutating func resetTolls() {
    toll = prices.link
    recount()
  }

  private mutating func recount() {
    cost = 0
    for (number, route) in routes.enumerated() {
      for arc in route.arcs { cost += Double(problem.nets[number].weight * toll[arc / 2]) }
    }
  }
}

extension SearchState {
  /// Puts the unit on the host and takes what it needs there; its networks are not joined yet.
  mutating func settle(_ number: Int, on host: Int) {
    let unit = problem.units[number]
    hostOf[number] = host
    freeCPU[host] &-= unit.cpu
    freeMemory[host] &-= unit.memory
    freeStorage[host] &-= unit.storage
    freeSlots[host] &-= unit.slots
    guests[host] += 1
    placed += 1
  }

  /// Takes the unit off its host, and its networks back from there.
  mutating func remove(_ number: Int) {
    let unit = problem.units[number]
    let host = hostOf[number]
    guard host >= 0 else { return }
    for net in unit.networks { leave(net, host) }
    hostOf[number] = -1
    freeCPU[host] &+= unit.cpu
    freeMemory[host] &+= unit.memory
    freeStorage[host] &+= unit.storage
    freeSlots[host] &+= unit.slots
    guests[host] -= 1
    placed -= 1
  }

  /// Adds a member of `net` on `host`, reached over `arcs` (oriented as `Route.arcs`).
  mutating func enter(_ net: Int, _ host: Int, arcs: [Int]) {
    if let position = routes[net].hosts.firstIndex(where: { $0.host == host }) {
      routes[net].hosts[position].units += 1
      return
    }
    if routes[net].hosts.count == 1 { takeUplink(net, routes[net].hosts[0].host, sign: 1) }
    routes[net].hosts.append((host, 1))
    if routes[net].hosts.count > 1 { takeUplink(net, host, sign: 1) }
    add(arcs, to: net)
  }

  private mutating func leave(_ net: Int, _ host: Int) {
    guard let position = routes[net].hosts.firstIndex(where: { $0.host == host }) else { return }
    routes[net].hosts[position].units -= 1
    guard routes[net].hosts[position].units == 0 else { return }
    let wasSpread = routes[net].hosts.count > 1
    routes[net].hosts.remove(at: position)
    if wasSpread { takeUplink(net, host, sign: -1) }
    if wasSpread, routes[net].hosts.count == 1 { takeUplink(net, routes[net].hosts[0].host, sign: -1) }
    prune(net)
  }

  /// Cuts off the branches that lead to no member any more.
  private mutating func prune(_ net: Int) {
    let terminals = Set(routes[net].hosts.map { graph.site(of: $0.host) })
    var arcs = routes[net].arcs
    if arcs.isEmpty { return }
    arcs = terminals.count < 2 ? [] : graph.pruned(arcs, to: terminals)
    reroute(net, over: arcs)
  }

  /// Replaces the core arcs of a network.
  mutating func reroute(_ net: Int, over arcs: [Int]) {
    drop(routes[net].arcs, from: net)
    routes[net].arcs = []
    add(arcs, to: net)
  }

  /// Puts back hosts and arcs as they were.
  mutating func restore(_ net: Int, _ route: Route) {
    if route.hosts.count > 1 { for (host, _) in route.hosts { takeUplink(net, host, sign: 1) } }
    if routes[net].hosts.count > 1 { for (host, _) in routes[net].hosts { takeUplink(net, host, sign: -1) } }
    drop(routes[net].arcs, from: net)
    routes[net] = Route(hosts: route.hosts)
    add(route.arcs, to: net)
  }

  private mutating func add(_ arcs: [Int], to net: Int) {
    let (forward, backward) = (problem.nets[net].forward, problem.nets[net].backward)
    for arc in arcs {
      take(forward, arc)
      take(backward, arc ^ 1)
      cost += Double(problem.nets[net].weight * toll[arc / 2])
    }
    routes[net].arcs += arcs
  }

  private mutating func drop(_ arcs: [Int], from net: Int) {
    let (forward, backward) = (problem.nets[net].forward, problem.nets[net].backward)
    for arc in arcs {
      take(-forward, arc)
      take(-backward, arc ^ 1)
      cost -= Double(problem.nets[net].weight * toll[arc / 2])
    }
  }

  private mutating func takeUplink(_ net: Int, _ host: Int, sign: Int) {
    let demand = demand(of: net, from: host)
    let arc = graph.uplink(host)
    take(sign * demand.out, arc)
    take(sign * demand.back, arc + 1)
  }

  /// What the network sends from the host's side, and what it receives there.
  func demand(of net: Int, from host: Int) -> (out: Int, back: Int) {
    let network = problem.nets[net]
    return hostOf[network.first] == host
      ? (network.forward, network.backward) : (network.backward, network.forward)
  }

  /// Takes rates along the arc and against it for no network's own route: a share of a split wire.
  mutating func draw(_ forward: Int, _ backward: Int, on arc: Int) {
    take(forward, arc)
    take(backward, arc ^ 1)
  }

  private mutating func take(_ amount: Int, _ arc: Int) {
    let before = min(0, room[arc])
    room[arc] -= amount
    overdraft += Int128(before - min(0, room[arc]))
  }
}
