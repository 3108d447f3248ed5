import Infrastructure
import Quantities

/// The integer program of a request on a view.
///
/// Node and link mapping in one program over the substrate extended by the nodes' choices, as in M. Chowdhury,
/// M. R. Rahman and R. Boutaba, *ViNEYard: Virtual Network Embedding Algorithms With Coordinated Node and Link
/// Mapping*, IEEE/ACM ToN 20(1), 2012, section IV, with these differences: paths of wires are binary unless they may
/// split; segments are Steiner arborescences by multi-commodity flow (R. T. Wong, *A dual ascent approach for Steiner
/// tree problems on a directed graph*, Mathematical Programming 28, 1984); each direction of a link is a resource of
/// its own. The flow relaxation alone says nothing while placements are fractional, so each pair of neighbours also
/// has columns for its pair of sites, whose distances bound the flow from below (W. P. Adams and T. A. Johnson,
/// *Improved linear programming-based lower bounds for the quadratic assignment problem*, 1994).
struct ExactModel {
  typealias Column = LinearProgram.Column
  typealias Term = LinearProgram.Term

  /// The arcs of a network that the program chooses from; empty where it is routed afterwards.
  struct Route {
    var arcs: [(arc: ExactWays.Arc, column: Column)] = []
  }

  let problem: ExactProblem
  let isSplitting: Bool
  /// Part of every link that is kept back.
  private let spare: Double
  var program = LinearProgram()
  /// Of each unit by host.
  var choices: [[Int: Column]] = []
  var routes: [Route] = []
  /// What each resource carries where a column is 1.
  var loads: [Resource: [(column: Column, amount: UInt64)]] = [:]
  /// By network and host: all members are there.
  var locals: [[Int: Column]]
  /// What one unit of the program's objective is, in bit/s.
  let scale: Double
  /// Sites with fewer free VLANs than there are networks.
  let narrowSites: Set<Int>
  var objective: [Term] = []

  init(_ problem: ExactProblem, isSplitting: Bool, spare: Double = 0) {
    self.problem = problem
    self.spare = spare
    self.isSplitting = isSplitting
    scale = max(1, problem.nets.map(\.weight).max() ?? 1)
    narrowSites = Set((0..<problem.sites).filter { problem.view.free(.vlans(site: $0)) < problem.nets.count })
    locals = problem.nets.map { _ in [:] }
    place()
    for rule in problem.rules { add(rule) }
    for net in problem.nets.indices {
      routes.append(route(net))
      addUplinks(net)
      addVLANs(net)
    }
    for resource in loads.keys.sorted(by: { problem.numbers[$0] < problem.numbers[$1] }) { limit(resource) }
  }

  private mutating func place() {
    for unit in problem.units {
      var columns: [Int: Column] = [:]
      for host in unit.hosts { columns[host] = program.addChoice() }
      for (host, column) in columns.sorted(by: { $0.key < $1.key }) {
        let amounts: [(Resource, UInt64)] = [
          (.cpu(host: host), unit.cpu), (.memory(host: host), unit.memory), (.storage(host: host), unit.storage),
          (.slots(host: host), unit.slots),
        ]
        for (resource, amount) in amounts { load(resource, column, amount) }
      }
      program.addRow(columns.values.map { Term($0) }, equal: 1)
      choices.append(columns)
    }
  }

  mutating func load(_ resource: Resource, _ column: Column, _ amount: UInt64) {
    if amount > 0 { loads[resource, default: []].append((column, amount)) }
  }

  private mutating func limit(_ resource: Resource) {
    let free = problem.view.free(resource)
    guard free != .max, let terms = loads[resource] else { return }
    guard terms.reduce(0, { ExactProblem.sum($0, $1.amount) }) > free else { return }
    let isLink = if case .link = resource { true } else { false }
    let room = max(1, Double(free) * (isLink ? 1 - spare : 1))
    program.addRow(terms.map { Term($0.column, Double($0.amount) / room) }, atMost: free == 0 ? 0 : 1)
  }

  private mutating func add(_ rule: ExactProblem.Rule) {
    switch (rule.kind, rule.place) {
    case (.apart, .host):
      for host in Set(rule.units.flatMap { problem.units[$0].hosts }).sorted() {
        program.addRow(rule.units.compactMap { choices[$0][host] }.map { Term($0) }, atMost: 1)
      }
    case (.apart, .site):
      for site in 0..<problem.sites { program.addRow(rule.units.flatMap { self.at(site, $0) }, atMost: 1) }
    case (.together, _):
      for (one, other) in zip(rule.units, rule.units.dropFirst()) {
        for site in 0..<problem.sites { program.addRow(at(site, one) + at(site, other, -1), equal: 0) }
      }
    }
  }

  /// A sum that is `factor` where the unit is at the site, and nothing elsewhere.
  func at(_ site: Int, _ unit: Int, _ factor: Double = 1) -> [Term] {
    problem.units[unit].hosts.filter { problem.directory.siteOfHost[$0] == site }.compactMap { choices[unit][$0] }
      .map { Term($0, factor) }
  }

  /// Sites where a unit may be, ascending.
  func sites(of unit: Int) -> [Int] {
    Set(problem.units[unit].hosts.map { problem.directory.siteOfHost[$0] }).sorted()
  }

  /// No solution that costs more is wanted.
  mutating func limitCost(to cost: Double) { program.addRow(objective, atMost: cost / scale * (1 + 1e-9) + 1e-9) }

  /// Forbids what the program's tolerances let through: units or networks that together are too much, to the
  /// last byte, for a resource. Says whether there was any.
  mutating func cut(_ solution: LinearSolution) -> Bool {
    var isCut = false
    for resource in loads.keys.sorted(by: { problem.numbers[$0] < problem.numbers[$1] }) {
      // Part of a column may be part of an amount there: nothing to count.
      if isSplitting, case .link = resource { continue }
      guard problem.view.free(resource) != .max, let terms = loads[resource] else { continue }
      let taken = terms.filter { solution[$0.column] > 0.99 }
      guard taken.reduce(0, { ExactProblem.sum($0, $1.amount) }) > problem.view.free(resource) else { continue }
      program.addRow(taken.map { Term($0.column) }, atMost: Double(taken.count - 1))
      isCut = true
    }
    return isCut
  }
}

extension ExactProblem {
  var numbers: ResourceNumbers { directory.numbers }
}

extension ExactProblem.Net {
  /// What a link that it crosses costs, in bit/s.
  var weight: Double { (Double(forward) + Double(backward)) / 2 }
}
