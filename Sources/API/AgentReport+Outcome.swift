import Agent
import Controller
import Quantities

extension HostOutcome {
  /// The report as the engine takes it; what is under a number that is none is left out.
  public init(_ report: AgentReport) {
    func numbered<Value>(_ table: [String: Value]) -> [UInt32: Value] {
      let pairs = table.compactMap { text, value in UInt32(text).map { ($0, value) } }
      return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
    self.init(
      host: report.host, generation: report.generation,
      outcome: Agent.Outcome(
        reports: report.reports, running: numbered(report.running), failures: numbered(report.failures),
        warnings: numbered(report.warnings)), problem: report.problem)
  }
}
