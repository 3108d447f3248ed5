import Foundation
import FuzzBodies
import Testing

/// Every input that the fuzzer kept, once through its target: a reader that breaks its word ends the process.
@Suite struct CorpusTests {
  @Test(arguments: FuzzTarget.allCases)
  func corpus(_ target: FuzzTarget) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../fuzz/corpus/\(target.rawValue)").standardizedFileURL
    let inputs = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
      .filter { !$0.lastPathComponent.hasPrefix(".") }
    #expect(!inputs.isEmpty, "there is no corpus of \(target.rawValue)")
    for input in inputs.sorted(by: { $0.path < $1.path }) { target.run([UInt8](try Data(contentsOf: input))) }
  }

  /// What no file should hold: inputs that are cheap to write and dear to read.
  @Test(arguments: FuzzTarget.allCases)
  func bombs(_ target: FuzzTarget) {
    for bomb in Bombs.all { target.run(Array(bomb.utf8)) }
  }
}
