import Embedding
import Infrastructure
import Quantities
import Testing

/// Embeddings over one another in time.
@Suite struct EmbeddingCheckTimeTests {
  typealias Reservation = (embedding: Embedding, request: VirtualInfrastructure, interval: Range<Timestamp>)

  private func time(_ minute: Int64) -> Timestamp { Timestamp(seconds: minute * 60) }

  /// A wire from Brno to Prague.
  private func crossing(
    _ minutes: Range<Int64>, _ rate: UInt64, back: UInt64? = nil, timeline: [TimelineEvent] = []
  ) -> Reservation {
    var request = infrastructure([node("a"), node("b")], [wire("w", "a", "b", rate, back: back)])
    request.timeline = timeline
    let placed = embedding(
      ["a": "brno-1", "b": "prague-1"], ["w": tree(["brno-1", "prague-1"], ["brno", "prague"], [0])])
    return (placed, request, time(minutes.lowerBound)..<time(minutes.upperBound))
  }

  private func node(_ text: String, _ minutes: Range<Int64>, cpu: UInt64, isExclusive: Bool = false) -> Reservation {
    var request = infrastructure([EmbeddingTests.node(text, cpu: cpu)])
    request.nodes[0].isExclusive = isExclusive
    return (embedding([text: "brno-1"]), request, time(minutes.lowerBound)..<time(minutes.upperBound))
  }

  private func node(_ text: String) -> Node { EmbeddingTests.node(text) }

  private func found(_ reservations: [Reservation], on substrate: Substrate = triangle) -> [String] {
    EmbeddingCheck.violations(in: reservations, on: substrate)
  }

  @Test func oneAfterTheOtherFits() {
    #expect(found([crossing(0..<10, 600), crossing(10..<20, 600)]) == [])
    #expect(found([]) == [])
  }

  @Test func onlyTheOverlapIsTooMuch() {
    let found = found([crossing(0..<10, 600, back: 1), crossing(8..<20, 500, back: 1)])
    #expect(found.count == 3)
    #expect(
      found.contains(
        "core link brno -> prague: 1100Mbit/s taken of 1Gbit/s, 100Mbit/s too much, "
          + "from 1970-01-01T00:08:00Z to 1970-01-01T00:10:00Z"))
    #expect(found.contains { $0.hasPrefix("uplink of host brno-1, sending") })
    #expect(found.contains { $0.hasPrefix("uplink of host prague-1, receiving") })
  }

  @Test func everyElementaryIntervalHasItsOwnExcess() {
    let found = found([node("a", 0..<30, cpu: 3), node("b", 5..<20, cpu: 2), node("c", 10..<30, cpu: 2)])
    #expect(
      found == [
        "processor of host brno-1: 5 cores taken of 4 cores, 1 cores too much, "
          + "from 1970-01-01T00:05:00Z to 1970-01-01T00:10:00Z",
        "processor of host brno-1: 7 cores taken of 4 cores, 3 cores too much, "
          + "from 1970-01-01T00:10:00Z to 1970-01-01T00:20:00Z",
        "processor of host brno-1: 5 cores taken of 4 cores, 1 cores too much, "
          + "from 1970-01-01T00:20:00Z to 1970-01-01T00:30:00Z",
      ])
  }

  @Test func onlyAfterAnEvent() {
    let grown = TimelineEvent(
      after: .seconds(300), networks: [name("w"): .init(reverseRate: RateRange(minimum: mbit(700)))])
    let reservations = [crossing(0..<10, 100, timeline: [grown]), crossing(0..<10, 400)]
    #expect(
      found(reservations).contains(
        "core link prague -> brno: 1100Mbit/s taken of 1Gbit/s, 100Mbit/s too much, "
          + "from 1970-01-01T00:05:00Z to 1970-01-01T00:10:00Z"))
    #expect(found(reservations).count == 3)
    // The event comes after the end.
    #expect(found([crossing(0..<5, 100, timeline: [grown]), crossing(0..<10, 400)]) == [])
    let back = TimelineEvent(after: .seconds(420), networks: [name("w"): .init(reverseRate: RateRange())])
    #expect(
      found([crossing(0..<10, 100, timeline: [grown, back]), crossing(7..<10, 400)]) == [])
  }

  @Test func nodesGrowAndShrink() {
    var reservation = node("a", 0..<60, cpu: 4)
    reservation.request.timeline = [
      TimelineEvent(after: .seconds(600), nodes: [name("a"): .init(cpu: Cores(thousandths: 1000))]),
      TimelineEvent(
        after: .seconds(1200), nodes: [name("a"): .init(memory: mebibytes(4000), storage: mebibytes(60))]),
    ]
    #expect(found([reservation, node("b", 10..<20, cpu: 3)]) == [])
    #expect(found([reservation, node("b", 9..<20, cpu: 3)]).count == 1)
    #expect(found([reservation, node("b", 9..<20, cpu: 3)])[0].hasSuffix("to 1970-01-01T00:10:00Z"))
    #expect(found([reservation, node("b", 10..<21, cpu: 3)]).map { $0.prefix(6) } == ["memory"])
    var substrate = triangle
    substrate.hosts[0].storage = mebibytes(50)
    #expect(found([reservation], on: substrate).map { $0.prefix(7) } == ["storage"])
  }

  @Test func anExclusiveNodeBesideAnother() {
    let alone = node("a", 0..<10, cpu: 1, isExclusive: true)
    #expect(found([alone, node("b", 10..<20, cpu: 1)]) == [])
    let sentence = "host brno-1 carries an exclusive node and nodes of other infrastructures"
    #expect(
      found([alone, node("b", 9..<20, cpu: 1)]) == [
        "\(sentence), from 1970-01-01T00:09:00Z to 1970-01-01T00:10:00Z"
      ])
    #expect(found([alone, node("b", 0..<10, cpu: 1, isExclusive: true)]).count == 1)
  }

  @Test func formIsCheckedToo() {
    var wrong = crossing(0..<10, 100)
    wrong.request.nodes[0].site = name("pilsen")
    #expect(found([wrong]) == ["infrastructure lab: node a is not at its site"])
    #expect(found([(wrong.embedding, wrong.request, time(5)..<time(5))]) == [])
  }

  @Test func vlansOverTime() {
    var substrate = triangle
    substrate.sites[0].vlans = vlans(100...100)
    #expect(found([crossing(0..<10, 1), crossing(10..<12, 1)], on: substrate) == [])
    #expect(
      found([crossing(0..<10, 1), crossing(9..<12, 1)], on: substrate).first?.hasPrefix("VLANs of site brno: 2") == true
    )
  }

  @Test func withoutEnd() {
    let endless = time(5)..<Timestamp.distantFuture
    let reservation = node("a", 0..<10, cpu: 3)
    let other = node("b", 0..<1, cpu: 3)
    #expect(found([(other.embedding, other.request, endless), reservation]).count == 1)
  }

  /// The sum that a minute-by-minute replay finds, on random loads of one host.
  @Test(arguments: 0..<40) func asAReplayByTheMinute(seed: UInt64) {
    var random = SeededGenerator(state: seed)
    var replay = [UInt64](repeating: 0, count: 60)
    let reservations = (0..<12).map { number in
      let begin = Int64.random(in: 0..<50, using: &random)
      let minutes = begin..<(begin + .random(in: 1...9, using: &random))
      let cpu = UInt64.random(in: 1...3, using: &random)
      for minute in minutes { replay[Int(minute)] += cpu }
      return node("n\(number)", minutes, cpu: cpu)
    }
    var expected: [String] = []
    var minute = 0
    while minute < replay.count {
      let end = replay[minute...].firstIndex { $0 != replay[minute] } ?? replay.count
      if replay[minute] > 4 {
        expected.append(
          "processor of host brno-1: \(replay[minute]) cores taken of 4 cores, \(replay[minute] - 4) cores too much, "
            + "from \(time(Int64(minute))) to \(time(Int64(end)))")
      }
      minute = end
    }
    #expect(found(reservations) == expected, "seed \(seed)")
  }

  @Test func someThousandsTakeSeconds() {
    let reservations = (0..<5000).map { crossing(Int64($0)..<Int64($0) + 4, 250) }
    let spent = ContinuousClock().measure { #expect(found(reservations) == []) }
    print("adding up 5000 reservations: \(spent)")
    #expect(spent < .seconds(60))
  }
}
