import Foundation
import Infrastructure
import Planning
import Testing

/// Whole plans as text; rewritten only with `UPDATE_GOLDEN=1`.
@Suite struct GoldenTests {
  @Test func mpiLabOnMetacenter() throws {
    try expectGolden(plans([mpiLab()], on: metacenter()), "mpi-lab.metacenter.json")
  }

  @Test func mpiLabNodeRows() throws {
    let admission = try admit([mpiLab()], on: metacenter())[0]
    try expectGolden(NodeRow.rows(of: admission, on: metacenter()), "mpi-lab.rows.json")
  }

  private func expectGolden(_ value: some Encodable, _ file: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    let url = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(file)")
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
      try text.write(to: url, atomically: true, encoding: .utf8)
    }
    let golden = try String(contentsOf: url, encoding: .utf8)
    #expect(text == golden, "the plan differs from \(file); if that is wanted, run with UPDATE_GOLDEN=1")
  }
}
