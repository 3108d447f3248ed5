import CommandLine
import Foundation
import Quantities

extension Context {
  /// One JSON object on standard output.
  func print(_ fields: [(String, Cell)]) throws {
    try write(Renderer(format: .json).text(Record(fields.map { Record.Field($0.0, nil, $0.1) })))
  }
}

extension Array<Double> {
  /// The smallest value that so many parts of all are not above; 0 of nothing.
  func quantile(_ part: Double) -> Double {
    guard !isEmpty else { return 0 }
    let sorted = sorted()
    return sorted[Swift.min(count - 1, Int(part * Double(count)))]
  }
}

/// Since `start`, seconds.
func elapsed(since start: ContinuousClock.Instant) -> Double { (.now - start) / .seconds(1) }

/// Processor time of this process, seconds.
func processorSeconds() -> Double { Double(clock()) / Double(CLOCKS_PER_SEC) }

/// Files that the benchmark's parts hand each other.
enum Files {
  static func read(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) }

  static func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }
}
