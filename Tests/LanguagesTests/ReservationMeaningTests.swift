import Infrastructure
import Languages
import Quantities
import Testing

/// What the keys mean that say what is reserved, where and when.
struct ReservationMeaningTests {
  private let nodes = "name: lab\nnodes:\n  w[1-4]: {}\n  gw: {kind: router}\ngroups: {crew: [w3, w4]}\n"

  private func rate(_ low: Int?, _ high: Int?) -> RateRange {
    func bits(_ megabits: Int?) -> Bitrate? { megabits.map { Bitrate(bitsPerSecond: UInt64($0) * 1_000_000) } }
    return RateRange(minimum: bits(low), maximum: bits(high))
  }

  @Test func aLeaseHasAStartAndAnEnd() throws {
    let start = try Timestamp(parsing: "2027-01-07T08:00:00Z")
    for lease in ["duration: 90m", "end: 2027-01-07T09:30:00Z", "end: 2027-01-07T10:30:00+01:00"] {
      let lab = try read(nodes + "lease: {start: 2027-01-07T08:00:00Z, \(lease)}")
      #expect(lab.lease == Lease(start: start, duration: .seconds(5400)))
    }
    #expect(try read(nodes + "lease: {start: 2027-01-07T09:00:00+01:00}").lease == Lease(start: start))
  }

  @Test func nodesSayWhatTheyNeedAndWhere() throws {
    let lab = try read(
      """
      name: lab
      labels: {owner: chemistry, ticket: 4711}
      defaults: {storage: 20GB, location: hall 2}
      nodes: {a: {storage: 0, exclusive: true, labels: {role: head}}, b: {location: cellar}, c: {exclusive: false}}
      """)
    #expect(lab.labels == ["owner": "chemistry", "ticket": "4711"])
    #expect(lab.nodes.map(\.storage.bytes) == [0, 20_000_000_000, 20_000_000_000])
    #expect(lab.nodes.map(\.location) == ["hall 2", "cellar", "hall 2"])
    #expect(lab.nodes.map(\.isExclusive) == [true, false, false] && lab.nodes[0].labels == ["role": "head"])
  }

  @Test func aRangeIsWhatIsWantedAndTheLeastThatWouldDo() throws {
    let lab = try read(
      """
      name: lab
      defaults: {cpu: {min: 0.5, max: 4}, memory: 1GiB}
      nodes: {a: {memory: {min: 1GiB, max: 1GiB}}, b: {cpu: 2, storage: {min: 1GB, max: 5GB}}}
      """)
    #expect(lab.nodes.map(\.cpu.thousandths) == [4000, 2000] && lab.nodes[1].storage.bytes == 5_000_000_000)
    #expect(lab.nodes[0].least == TimelineEvent.NodeChange(cpu: Cores(thousandths: 500)))
    #expect(lab.nodes[1].least == TimelineEvent.NodeChange(storage: ByteCount(bytes: 1_000_000_000)))
  }

  @Test func aWireMayHaveARateForEachDirection() throws {
    let lab = try read(
      nodes + """
        segments: {lan: {members: [crew], rate: {min: 1Mbit/s, max: 2Mbit/s}, labels: {use: mpi}}}
        wires:
          - {ends: [w1, gw], rate: 5Mbit/s}
          - {ends: [w2, gw], rate: {forward: 5Mbit/s, reverse: {min: 1Mbit/s}}}
          - {ends: [w3, gw], rate: {reverse: {max: 3Mbit/s}}}
          - {ends: [w4, gw]}
        """)
    #expect(
      lab.networks.map(\.rate) == [rate(1, 2), rate(5, 5), rate(5, 5), rate(nil, nil), rate(nil, nil)])
    #expect(lab.networks.map(\.reverseRate) == [nil, nil, rate(1, nil), rate(nil, 3), nil])
    #expect(lab.networks[0].labels == ["use": "mpi"])
  }

  @Test func rulesStandForTheirNodes() throws {
    let lab = try read(
      nodes + "placement: [{apart: [\"w[1-2]\", crew]}, {together: [gw, crew], at: site}, {apart: [w3, w4], at: host}]")
    func names(_ texts: String...) -> [Name] { texts.compactMap(Name.init) }
    #expect(
      lab.rules == [
        PlacementRule(.apart, .host, nodes: names("w1", "w2", "w3", "w4")),
        PlacementRule(.together, .site, nodes: names("gw", "w3", "w4")),
        PlacementRule(.apart, .host, nodes: names("w3", "w4")),
      ])
  }

  @Test func theTimelineChangesWhatItNames() throws {
    let lab = try read(
      nodes + """
        lease: {duration: 4h}
        segments: {lan: {members: [crew]}}
        timeline:
          - after: 1h
            nodes: {"w[1-2]": {cpu: 2}, crew: {memory: 1GiB, storage: 5GB}}
            networks: {lan: {rate: {min: 10Mbit/s}}}
          - {after: 2h, nodes: {w1: {cpu: 1}}, networks: {lan: {rate: {}}}}
        """)
    #expect(lab.timeline.map(\.after) == [.seconds(3600), .seconds(7200)])
    let (first, second) = (lab.timeline[0], lab.timeline[1])
    let changes = try ["w1", "w2", "w3", "w4"].map { first.nodes[try Name(parsing: $0)] }
    let (small, large) = (
      TimelineEvent.NodeChange(cpu: Cores(thousandths: 2000)),
      TimelineEvent.NodeChange(memory: ByteCount(bytes: 1 << 30), storage: ByteCount(bytes: 5_000_000_000))
    )
    #expect(changes == [small, small, large, large] && first.nodes.count == 4)
    #expect(first.networks == [try Name(parsing: "lan"): .init(rate: rate(10, nil))])
    #expect(second.nodes.count == 1 && second.networks.values.first?.rate == RateRange())
  }

  /// A direction that an event does not name keeps what it had, also where both directions had one rate.
  @Test func eventsKeepTheDirectionThatTheyDoNotName() throws {
    let lab = try read(
      nodes + """
        wires: [{ends: [w1, gw], rate: 5Mbit/s}]
        timeline:
          - {after: 1h, networks: {w1-gw: {rate: 6Mbit/s}}}
          - {after: 2h, networks: {w1-gw: {rate: {forward: 7Mbit/s}}}}
          - {after: 3h, networks: {w1-gw: {rate: {reverse: 8Mbit/s}}}}
          - {after: 4h, networks: {w1-gw: {rate: 9Mbit/s}}}
          - {after: 5h, networks: {w1-gw: {}}}
        """)
    let changes = lab.timeline.compactMap(\.networks.values.first)
    #expect(changes.map(\.rate) == [rate(6, 6), rate(7, 7), nil, rate(9, 9), nil])
    #expect(changes.map(\.reverseRate) == [nil, rate(6, 6), rate(8, 8), rate(9, 9), nil])
  }

  @Test func theSubstrateSaysWhatItKeepsAndWhatItCosts() throws {
    let grid = try readSubstrate(
      """
      name: grid
      best-effort: 10%
      sites: {brno: {vlans: 1}, prague: {vlans: 2}}
      hosts: {a: {site: brno, storage: 2TB, slots: 8, location: hall, price: 3}, b: {site: prague}}
      links: [{ends: [brno, prague], rate: 1Gbit/s, price: 20}]
      """)
    #expect(grid.bestEffort == 10 && grid.hosts[0].storage?.bytes == 2_000_000_000_000)
    #expect(grid.hosts[0].slots == 8 && grid.hosts[0].location == "hall" && grid.hosts.map(\.price) == [3, 1])
    #expect(grid.hosts[1].storage == nil && grid.hosts[1].slots == nil && grid.hosts[1].location == nil)
    #expect(grid.links[0].price == 20 && grid.capacity(of: .link(0, .forward)) == 900_000_000)
  }
}
