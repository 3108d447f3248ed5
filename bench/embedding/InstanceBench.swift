import Embedding
import Foundation
import Infrastructure
import Quantities
import Simulation

/// Replays instance files; every embedding is added up by the independent check.
enum InstanceBench {
  static func run(files: [String]) throws {
    for file in files {
      let workload = try WorkloadReader.read(
        text: Packed.unpacked([UInt8](try Data(contentsOf: URL(fileURLWithPath: file))), file), file: file)
      guard let substrate = workload.substrate else { continue }
      var simulation = Simulation(substrate, SearchEmbedder())
      var outcomes: [Simulation.Outcome] = []
      for arrival in workload.arrivals { outcomes.append(try simulation.replay(arrival)) }
      let report = SimulationReport(outcomes)
      try printLine([
        ("file", URL(fileURLWithPath: file).lastPathComponent), ("requests", report.requests),
        ("acceptance", report.acceptance), ("revenue_to_cost", report.revenueToCost),
        ("ms_mean", report.meanEffort * 1e3), ("ms_median", report.medianEffort * 1e3),
        ("ms_p99", report.tailEffort * 1e3), ("ms_max", report.worstEffort * 1e3),
      ])
    }
  }
}
