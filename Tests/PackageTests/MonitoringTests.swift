import Foundation
import Testing

/// The manual's table of metrics is the contract: the dashboard and the alerts ask for what is in it, and show all
/// of it.
struct MonitoringTests {
  private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private func text(_ path: String) throws -> String {
    try String(contentsOf: Self.repository.appending(path: path), encoding: .utf8)
  }

  /// Name and kind of each metric, and the process's, which the manual lists without a kind.
  private func contract() throws -> [String: String] {
    let section = try #require(try text("docs/operating.md").components(separatedBy: "\n## Watching\n").last)
    var kinds: [String: String] = [:]
    for line in section.split(separator: "\n") where line.hasPrefix("| `virtcloud_") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      kinds[cells[0].trimmingCharacters(in: ["`"])] = cells[2]
    }
    for match in section.matches(of: /`(process_[a-z_]+)`/) { kinds[String(match.1)] = "process" }
    return kinds
  }

  /// Metrics that expressions ask for; a histogram is asked for by its buckets.
  private func used(_ expressions: [String]) -> Set<String> {
    Set(expressions.flatMap { $0.matches(of: /\b(virtcloud|process)_[a-z_]+/).map { String($0.0) } })
  }

  private func dashboard() throws -> [String] {
    let root = try #require(
      JSONSerialization.jsonObject(with: Data(text("packaging/grafana-dashboard.json").utf8)) as? [String: Any])
    let panels = try #require(root["panels"] as? [[String: Any]])
    #expect(Set(panels.compactMap { $0["id"] as? Int }).count == panels.count)
    return panels.flatMap { ($0["targets"] as? [[String: Any]] ?? []).compactMap { $0["expr"] as? String } }
  }

  private func alerts() throws -> [String] {
    try text("packaging/prometheus-alerts.yml").components(separatedBy: "expr:").dropFirst()
      .compactMap { $0.components(separatedBy: "labels:").first }
  }

  @Test func dashboardAndAlertsAskForWhatTheServiceExports() throws {
    let contract = try contract()
    #expect(contract.count == 25)
    for name in used(try dashboard()).union(used(try alerts())) {
      let base = name.hasSuffix("_bucket") ? String(name.dropLast("_bucket".count)) : name
      let kind = try #require(contract[base], "\(name) is not exported")
      #expect((kind == "histogram") == (base != name), "\(name) is a \(kind)")
    }
  }

  @Test func theDashboardShowsEveryMetric() throws {
    let shown = used(try dashboard()).union(used(try alerts()))
    for (name, kind) in try contract() {
      #expect(shown.contains(kind == "histogram" ? name + "_bucket" : name), "\(name) is nowhere shown")
    }
  }
}
