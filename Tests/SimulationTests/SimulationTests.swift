import Embedding
import Foundation
import Infrastructure
import Quantities
import Simulation
import Testing

@Suite struct SimulationTests {
  /// A line of three nodes with 10 cores each; its links carry 100 Mbit/s.
  private let line = #"{"substrate": "Line 3", "nodes": [10, 10, 10], "links": [[0, 1, 100], [1, 2, 100]]}"#

  private func workload(_ requests: String...) throws -> Workload {
    try WorkloadReader.read(text: Array(([line] + requests).joined(separator: "\n").utf8), file: "day.jsonl")
  }

  private func replay(_ workload: Workload) throws -> [Simulation.Outcome] {
    var simulation = Simulation(try #require(workload.substrate), SearchEmbedder())
    return try workload.arrivals.map { try simulation.replay($0) }
  }

  @Test func aNodeIsASiteWithOneHost() throws {
    let workload = try workload(#"{"id": 7, "arrival": 1, "departure": 3.5, "nodes": [2, 0], "links": [[0, 1, 5]]}"#)
    let substrate = try #require(workload.substrate)
    #expect(substrate.name.description == "line-3" && substrate.sites.count == 3 && substrate.links.count == 2)
    #expect(substrate.hosts.allSatisfy { $0.cpu.thousandths == 10_000 && $0.uplink == nil })
    let arrival = workload.arrivals[0]
    #expect(arrival.time == 1 && arrival.lifetime == 2.5 && arrival.request.name.description == "r7")
    #expect(arrival.request.networks[0].minimum == 5_000_000 && arrival.request.networks[0].reverseMinimum == 5_000_000)
    #expect(arrival.request.rules == [PlacementRule(.apart, nodes: arrival.request.nodes.map(\.name))])
  }

  /// What leaves makes room at once, what is refused is gone, and the sums are those of the field.
  @Test func roomComesBackWhenSomebodyLeaves() throws {
    let outcomes = try replay(
      workload(
        #"{"arrival": 0, "departure": 10, "nodes": [8, 8, 8], "links": [[0, 1, 50], [0, 2, 50], [1, 2, 10]]}"#,
        #"{"arrival": 5, "departure": 50, "nodes": [3], "links": []}"#,
        #"{"arrival": 10, "departure": 12, "nodes": [3, 3], "links": [[0, 1, 60]]}"#))
    #expect(outcomes.map(\.isAccepted) == [true, false, true] && outcomes[1].refusal == "no-cpu")
    // Cheapest: the two heavy wires take one link each, the light one two.
    #expect(outcomes[0].revenue == 24 + 110 && outcomes[0].cost == 24 + 50 + 50 + 20)
    #expect(outcomes[0].nodeUse == 0.8 && abs(outcomes[0].linkUse - 0.6) < 1e-9)
    #expect(outcomes[2].nodeUse == 0.2 && outcomes[2].cost == 66)
    let report = SimulationReport(outcomes)
    #expect(report.accepted == 2 && report.requests == 3 && report.refusals == ["no-cpu": 1])
    #expect(report.revenue == 134 * 10 + 66 * 2 && report.cost == 144 * 10 + 66 * 2)
  }

  @Test(arguments: [
    "", "[]", "{", #"{"nodes": [], "links": []}"#, #"{"nodes": [1], "links": [[0, 0, 1]]}"#,
    #"{"nodes": [1, 1], "links": [[0, 2, 1]]}"#, #"{"nodes": [1, 1], "links": [[0, 1]]}"#,
    #"{"nodes": [-1], "links": []}"#, #"{"nodes": [1e300], "links": []}"#,
  ])
  func badSubstratesAreRefusedByLine(text: String) {
    let problem = #expect(throws: Problem.self) { try WorkloadReader.read(text: Array(text.utf8), file: "day.jsonl") }
    #expect(problem?.code == "bad-workload" && problem?.location == "day.jsonl:1")
  }

  @Test(arguments: [
    #"{"arrival": 5, "departure": 4, "nodes": [1], "links": []}"#,
    #"{"arrival": 5, "departure": 6, "nodes": [], "links": []}"#,
    #"{"arrival": 5, "departure": 6, "nodes": [1, 1], "links": [[1, 1, 5]]}"#, #"{"arrival": "soon"}"#,
    #"{"arrival": -5, "departure": 6, "nodes": [1], "links": []}"#,
  ])
  func badRequestsAreRefusedByLine(text: String) {
    let problem = #expect(throws: Problem.self) { _ = try workload(text) }
    #expect(problem?.code == "bad-workload" && problem?.location == "day.jsonl:2")
  }

  @Test func packedFilesAreUnpacked() throws {
    // printf 'hello\n' | gzip -n
    let packed: [UInt8] = [
      0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0xe7, 0x02, 0x00, 0x20, 0x30, 0x3a, 0x36,
      0x06, 0, 0, 0,
    ]
    #expect(try Packed.unpacked(packed, "f") == Array("hello\n".utf8))
    #expect(try Packed.unpacked(packed + packed, "f") == Array("hello\nhello\n".utf8))
    #expect(try Packed.unpacked(Array("plain".utf8), "f") == Array("plain".utf8))
    for length in [2, 12, 20] {
      let problem = #expect(throws: Problem.self) { try Packed.unpacked(Array(packed.prefix(length)), "f") }
      #expect(problem?.code == "bad-gzip")
    }
  }
}
