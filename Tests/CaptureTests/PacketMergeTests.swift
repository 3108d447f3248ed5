import Algorithms
import Testing

@testable import Capture

@Suite struct PacketMergeTests {
  /// Packets of several interfaces come late and in lumps; whoever is late by no more than the patience is put
  /// in its place, and none is lost.
  @Test(arguments: 1...20 as ClosedRange<UInt64>) func orderIsThatOfTimes(seed: UInt64) {
    var random = SplitMix64(state: seed)
    let patience: UInt64 = 100
    var sent: [CapturedPacket] = []
    var arrivals: [(moment: UInt64, packet: CapturedPacket)] = []
    for point in 0..<3 {
      var (time, arrival) = (UInt64(1000), UInt64(0))
      for number in 0..<60 {
        time += UInt64.random(in: 0...20, using: &random)
        // In order at its interface, and at most the patience after its time.
        arrival = max(arrival, time + UInt64.random(in: 0...patience, using: &random))
        let packet = CapturedPacket([UInt8(number)], point: point, time: time)
        sent.append(packet)
        arrivals.append((arrival, packet))
      }
    }
    arrivals.sort { $0.moment < $1.moment }
    var merge = PacketMerge(patience: patience)
    var got: [CapturedPacket] = []
    for moment in stride(from: UInt64(1000), to: 4000, by: 7) {
      let come = arrivals.prefix { $0.moment <= moment }
      merge.add(come.map(\.packet), at: moment)
      arrivals.removeFirst(come.count)
      got += merge.due(at: moment)
    }
    #expect(merge.isEmpty)
    #expect(got.map(\.time) == sent.map(\.time).sorted(), "seed \(seed)")
    #expect(Set(got) == Set(sent), "seed \(seed)")
    for point in 0..<3 { #expect(got.filter { $0.point == point } == sent.filter { $0.point == point }) }
  }

  @Test func oneInterfaceDoesNotWait() {
    var merge = PacketMerge(patience: 0)
    merge.add([CapturedPacket([1], time: 5)], at: 9)
    #expect(merge.due(at: 9).count == 1)
    #expect(merge.isEmpty)
  }

  @Test func aFloodIsNotHeld() {
    var merge = PacketMerge(patience: 1000, roomOctets: 10)
    merge.add([CapturedPacket([1, 2, 3, 4], time: 5)], at: 1)
    #expect(merge.due(at: 2).isEmpty)
    merge.add([CapturedPacket([1, 2, 3, 4, 5, 6, 7], point: 1, time: 4)], at: 2)
    #expect(merge.due(at: 2).map(\.time) == [4, 5])
    #expect(merge.isEmpty && merge.due(at: 5000).isEmpty)
  }
}
