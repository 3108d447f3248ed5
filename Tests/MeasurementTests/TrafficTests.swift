import Linux
import Measurement
import Quantities
import TestSupport
import Testing

/// Every measurement over a real cable, one after the other: they need the processors for themselves.
@Suite("Traffic over a cable", .serialized, KernelTest.requireRoot)
struct TrafficTests {
  @Test(arguments: [4, 6])
  func everyMeasurementIsPlausible(version: Int) throws {
    try Cable.with { cable in
      let path = try cable.path(version: version)
      let bulk = try Throughput.measure(path, for: .milliseconds(300), streams: 2)
      #expect(bulk.rate.bitsPerSecond > 100_000_000 && bulk.series.count == 3)
      let mean = bulk.series.reduce(0) { $0 + $1.bitsPerSecond } / 3
      #expect(abs(Double(mean) / Double(bulk.rate.bitsPerSecond) - 1) < 0.01)
      for kind in RoundTrip.Kind.allCases {
        let echoes = try RoundTrip.measure(path, kind, count: 500)
        #expect(echoes.times.count == 500 && echoes.lost == 0, "\(kind)")
        let (middle, late) = (echoes.percentile(0.5), echoes.percentile(0.99))
        #expect(middle > .nanoseconds(200) && middle < .milliseconds(5) && middle <= late, "\(kind): \(middle)")
        #expect(echoes.percentile(0) == echoes.times.first && echoes.percentile(1) == echoes.times.last)
      }
      let packets = try PacketRate.search(path, payload: 512, trial: .milliseconds(60))
      #expect(packets.packetsPerSecond > 5000 && packets.loss < 0.005, "\(packets)")
      let flow = try OrderFlow(path, limit: .milliseconds(500)).finish()
      #expect(flow.sent == 500 && flow.received == 500 && flow.lost + flow.duplicated + flow.outOfOrder == 0)
    }
  }

  @Test func everyHundredthThatIsLostIsMissed() throws {
    try Cable.with { cable in
      try cable.loseOne(in: 100)
      let path = try cable.path()
      let flow = try OrderFlow(path, packetsPerSecond: 10_000, limit: .milliseconds(500)).finish()
      #expect(flow.sent == 5000 && (49...51).contains(flow.lost) && flow.longestLoss == 1, "\(flow)")
      #expect(flow.outOfOrder == 0 && flow.duplicated == 0)
      let report = try #require(
        OfferedLoad.run(
          [OfferedFlow(name: "a", path: path, rate: Bitrate(parsing: "20Mbit/s"))], for: .milliseconds(500)
        ).first)
      #expect(report.loss > 0.008 && report.loss < 0.012, "\(report.loss)")
      // One in ten is more than a search may lose, at whatever rate, also where a trial sends few.
      try cable.loseOne(in: 10)
      let packets = try PacketRate.search(path, trial: .milliseconds(50))
      #expect(packets.packetsPerSecond == 0 && packets.loss == 1)
    }
  }

  @Test func offeredRatesCountOctetsOfLayer2() throws {
    try Cable.with { cable in
      let path = try cable.path()
      let rates: [UInt64] = [5_000_000, 20_000_000]
      let flows = rates.enumerated().map { number, rate in
        OfferedFlow(
          name: "f\(number)", path: path, rate: Bitrate(bitsPerSecond: rate), payload: 958,
          begin: .milliseconds(200 * number), end: number == 0 ? nil : .milliseconds(600))
      }
      let reports = try OfferedLoad.run(flows, for: .seconds(1))
      for (report, rate) in zip(reports, rates) {
        // 14 + 20 + 8 + 958.
        #expect(report.frame == 1000 && report.loss == 0 && report.refused == 0)
        #expect(abs(Double(report.rate.bitsPerSecond) / Double(rate) - 1) < 0.02, "\(report.rate)")
      }
      #expect(reports[0].sent == 625 && reports[1].sent == 1000)
      // Nothing before its beginning, nothing after its end; 100 ms for the scheduler of a busy machine.
      let series = reports[1].series.map(\.bitsPerSecond)
      #expect(series.count == 101 && series[..<20].allSatisfy { $0 == 0 } && series[71...].allSatisfy { $0 == 0 })
      #expect(series.reduce(0, +) / 100 == 1000 * 8000)
    }
  }

  @Test func aFlowInTheBackgroundIsStoppedEarly() throws {
    try Cable.with { cable in
      let flow = try OrderFlow(try cable.path(version: 6), limit: .seconds(600))
      _ = try RoundTrip.measure(try cable.path(), count: 2000)
      let report = try flow.stop()
      #expect(report.sent > 5 && report.received == report.sent && report.duration < .seconds(60), "\(report)")
    }
  }

  @Test func whatCannotBeMeasuredHasAnAnswer() throws {
    try Cable.with(mtu: 1300) { cable in
      let path = try cable.path()
      func code(_ body: () throws(Problem) -> Void) -> String? {
        do throws(Problem) { try body() } catch { return error.code }
        return nil
      }
      #expect(code { () throws(Problem) in _ = try PacketRate.search(path, payload: 1400) } == "payload-too-large")
      #expect(code { () throws(Problem) in _ = try PacketRate.search(path, payload: 4) } == "bad-payload")
      #expect(code { () throws(Problem) in _ = try Throughput.measure(path, streams: 0) } == "bad-streams")
      #expect(
        code { () throws(Problem) in _ = try Throughput.measure(path, for: .zero) } == "duration-out-of-range")
      #expect(code { () throws(Problem) in _ = try RoundTrip.measure(path, count: 0) } == "bad-count")
      #expect(code { () throws(Problem) in _ = try OrderFlow(path, packetsPerSecond: 0) } == "bad-rate")
      #expect(code { () throws(Problem) in _ = try OfferedLoad.run([], for: .seconds(1)) } == "bad-flows")
      var other = path
      other.destination = .v4(0x0a05_0009)
      #expect(code { () throws(Problem) in _ = try Throughput.measure(other) } == "no-such-address")
      other.destination = .v6(1)
      #expect(code { () throws(Problem) in _ = try Throughput.measure(other) } == "bad-path")
      #expect(code { () throws(Problem) in _ = try NetworkNamespace.open(file: "none-such") } == "no-such-namespace")
      try cable.loseOne(in: 1)
      #expect(code { () throws(Problem) in _ = try RoundTrip.measure(path, limit: .seconds(1)) } == "no-path")
    }
  }

  @Test func nothingStaysOpen() throws {
    let before = try Leftovers.openDescriptors()
    try Cable.with { cable in
      let path = try cable.path()
      _ = try Throughput.measure(path, for: .milliseconds(50), warmUp: .zero)
      _ = try OfferedLoad.run(
        [OfferedFlow(name: "a", path: path, rate: Bitrate(bitsPerSecond: 1_000_000))], for: .milliseconds(50),
        bin: .milliseconds(5))
      _ = try OrderFlow(path, limit: .seconds(600))
    }
    #expect(try Leftovers.closeAgain(to: before.count))
  }
}
