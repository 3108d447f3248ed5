import Infrastructure
import Quantities
import Testing

@testable import Embedding

@Suite struct PlacementStateTests {
  /// Whatever is placed and removed in whatever order, all is free again at the end.
  @Test(arguments: 0..<40) func removingEverythingFreesEverything(seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    let nodes = (0..<8).map { node("n\($0)") }
    let networks = (0..<5).map { number in
      let members = nodes.filter { _ in Bool.random(using: &random) }.map(\.name.description)
      return network("l\(number)", members, minimum: mbit(.random(in: 1...400, using: &random)))
    }
    let index = try IndexedRequest(infrastructure(nodes, networks), on: SubstrateView(triangle), keeping: nil)
    let fresh = PlacementState(index)
    var state = fresh
    var placed: Set<Int> = []
    for _ in 0..<200 {
      let node = Int.random(in: 0..<8, using: &random)
      if placed.remove(node) != nil {
        state.remove(node, of: index)
      } else if state.place(node, on: Int.random(in: 0..<6, using: &random), of: index) {
        placed.insert(node)
      }
    }
    for node in placed { state.remove(node, of: index) }
    #expect(state.freeCPU == fresh.freeCPU && state.freeMemory == fresh.freeMemory, "seed \(seed)")
    #expect(state.freeUplink == fresh.freeUplink && state.hostOf == fresh.hostOf, "seed \(seed)")
    #expect((0..<5).allSatisfy { network in (0..<6).allSatisfy { !state.has(network, host: $0) } }, "seed \(seed)")
  }
}
