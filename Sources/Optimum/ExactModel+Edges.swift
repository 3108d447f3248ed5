import Infrastructure

/// What networks take where they leave hosts: uplinks, and VLANs of sites.
extension ExactModel {
  mutating func addUplinks(_ number: Int) {
    let net = problem.nets[number]
    let hosts = Set(net.members.flatMap { problem.units[$0].hosts }).sorted()
    for host in hosts where net.weight > 0 && isTight(host) {
      if net.members.count == 2 {
        let (one, other) = (choices[net.members[0]][host], choices[net.members[1]][host])
        leave(host, one, unless: other, net.forward, net.backward)
        leave(host, other, unless: one, net.backward, net.forward)
      } else {
        let leaving = program.addColumn(in: 0...1)
        let local = local(number, host).map { [Term($0)] } ?? []
        for choice in net.members.compactMap({ choices[$0][host] }) {
          program.addRow([Term(leaving), Term(choice, -1)] + local, atLeast: 0)
        }
        load(.uplink(host: host, .forward), leaving, net.forward)
        load(.uplink(host: host, .reverse), leaving, net.backward)
      }
    }
  }

  /// Whether the uplink cannot carry all networks at once.
  private func isTight(_ host: Int) -> Bool {
    let most = problem.nets.reduce(0) { ExactProblem.sum($0, ExactProblem.sum($1.forward, $1.backward)) }
    return most
      > min(
        problem.view.free(.uplink(host: host, .forward)), problem.view.free(.uplink(host: host, .reverse)))
  }

  /// A wire's end that is on the host while the other is not.
  private mutating func leave(
    _ host: Int, _ end: Column?, unless other: Column?, _ sent: UInt64, _ received: UInt64
  ) {
    guard let end else { return }
    var leaving = end
    if let other {
      leaving = program.addColumn(in: 0...1)
      program.addRow([Term(leaving), Term(end, -1), Term(other)], atLeast: 0)
    }
    load(.uplink(host: host, .forward), leaving, sent)
    load(.uplink(host: host, .reverse), leaving, received)
  }

  /// At most 1 where all members of the network are on the host, else 0; nil where they cannot be.
  private mutating func local(_ net: Int, _ host: Int) -> Column? {
    if let known = locals[net][host] { return known }
    let ends = problem.nets[net].members.compactMap { choices[$0][host] }
    guard ends.count == problem.nets[net].members.count else { return nil }
    let column = program.addColumn(in: 0...1)
    for end in ends { program.addRow([Term(column), Term(end, -1)], atMost: 0) }
    locals[net][host] = column
    return column
  }

  mutating func addVLANs(_ number: Int) {
    let net = problem.nets[number]
    for site in narrowSites.sorted() {
      let crossing = program.addColumn(in: 0...1)
      load(.vlans(site: site), crossing, 1)
      let hosts = Set(net.members.flatMap { problem.units[$0].hosts })
        .filter { problem.directory.siteOfHost[$0] == site }
      let local = hosts.sorted().compactMap { self.local(number, $0) }.map { Term($0) }
      for member in net.members { program.addRow([Term(crossing)] + at(site, member, -1) + local, atLeast: 0) }
      for (arc, column) in routes[number].arcs where arc.tail == site || arc.head == site {
        program.addRow([Term(crossing), Term(column, -1)], atLeast: 0)
      }
    }
  }
}
