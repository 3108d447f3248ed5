import Foundation
import Embedding
import Simulation
var e = SearchEmbedder()
for a in CommandLine.arguments.dropFirst() {
  if a.hasPrefix("budget=") { e.budget = Int(a.dropFirst(7))!; continue }
  let w = try WorkloadReader.read(text: [UInt8](Data(contentsOf: URL(fileURLWithPath: a))), file: a)
  var s = Simulation(w.substrate!, e, checking: ProcessInfo.processInfo.environment["NOCHECK"] == nil)
  var o: [Simulation.Outcome] = []
  for x in w.arrivals { o.append(try s.replay(x)) }
  let r = SimulationReport(o)
  print(a, String(format: "acc %.3f rc %.3f mean %.2f ms p50 %.2f p99 %.1f max %.1f", r.acceptance, r.revenueToCost, r.meanEffort*1e3, r.medianEffort*1e3, r.tailEffort*1e3, r.worstEffort*1e3), r.refusals)
}
