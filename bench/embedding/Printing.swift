import Foundation

/// One JSON object a line on standard output.
func printLine(_ fields: [(String, Any)]) throws {
  let object = Dictionary(fields, uniquingKeysWith: { first, _ in first })
  let data = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])
  FileHandle.standardOutput.write(data + Data("\n".utf8))
}

extension Duration {
  var milliseconds: Double { Double(components.seconds) * 1e3 + Double(components.attoseconds) * 1e-15 }
}

/// Peak resident memory of this process in MB (`VmHWM` of proc(5)).
func peakMemory() -> Double {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
  return (Double(line.split(whereSeparator: { !$0.isNumber }).first ?? "0") ?? 0) / 1000
}
