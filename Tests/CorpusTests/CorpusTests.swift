import Foundation
import FuzzBodies
import Testing

/// Every input that the fuzzer kept, once through its target: a reader that breaks its word ends the process.
@Suite struct CorpusTests {
  private func corpus(of target: FuzzTarget) throws -> [[UInt8]] {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../fuzz/corpus/\(target.rawValue)").standardizedFileURL
    return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { !$0.lastPathComponent.hasPrefix(".") }.sorted { $0.path < $1.path }
      .map { [UInt8](try Data(contentsOf: $0)) }
  }

  @Test(arguments: FuzzTarget.allCases)
  func corpus(_ target: FuzzTarget) throws {
    let inputs = try corpus(of: target)
    #expect(!inputs.isEmpty, "there is no corpus of \(target.rawValue)")
    for input in inputs { target.run(input) }
  }

  /// A corpus of which a reader takes nothing tests nothing behind its first guard.
  @Test func everyDocumentIsInTheCorpus() throws {
    let missing = FuzzCoverage.missing(in: try corpus(of: .json))
    #expect(missing.isEmpty, "no document of \(missing)")
  }

  /// What no file should hold: inputs that are cheap to write and dear to read.
  @Test(arguments: FuzzTarget.allCases)
  func bombs(_ target: FuzzTarget) {
    for bomb in Bombs.all { target.run(Array(bomb.utf8)) }
  }
}
