import Algorithms
import Testing

@Suite struct AlgorithmsTests {
  @Test(arguments: 0..<20 as Range<UInt64>) func aHeapGivesWhatSortingGives(seed: UInt64) {
    var random = SplitMix64(state: seed)
    var heap = BinaryHeap<Int>()
    var model: [Int] = []
    for _ in 0..<500 {
      if random.below(3) > 0 {
        let number = random.below(50)
        heap.push(number)
        model.append(number)
        model.sort()
      } else {
        #expect(heap.first == model.first)
        #expect(heap.pop() == (model.isEmpty ? nil : model.removeFirst()))
      }
    }
    while let smallest = heap.pop() { #expect(smallest == model.removeFirst()) }
    #expect(model.isEmpty)
  }

  /// The reference implementation's first numbers from seed 1234567.
  @Test func theNumbersAreSplitMix64s() {
    var random = SplitMix64(state: 1_234_567)
    #expect(
      (0..<3).map { _ in random.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      ])
    var dice = SplitMix64(state: 1)
    #expect((0..<1000).allSatisfy { _ in (0..<6).contains(dice.below(6)) })
  }
}
