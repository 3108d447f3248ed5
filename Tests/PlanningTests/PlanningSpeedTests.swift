import Embedding
import Infrastructure
import Planning
import Quantities
import Reservations
import Testing

@Suite struct PlanningSpeedTests {
  /// The time is printed, not asserted: benchmarks are apart from tests.
  @Test func fiveHundredMachines() throws {
    let names = (0..<500).map { "n\($0)" }
    let lab = VirtualInfrastructure(
      name: name("big"), nodes: names.map { node($0) },
      networks: [
        segment(
          "lan",
          names.enumerated().map {
            endpoint($1, "eth0", [IPPrefix(address: v4(1, UInt32($0) + 1), length: 16)], via: [v4(1, 1)])
          })
      ])
    let admissions = try admit([lab], on: metacenter())
    let clock = ContinuousClock()
    var best = Duration.seconds(60)
    for _ in 0..<5 {
      best = min(
        best,
        try clock.measure {
          _ = try planner.plans(
            for: metacenter(), admissions: admissions, generation: 1)
        })
    }
    print("planning 500 machines: \(best)")
  }
}
