import Foundation

/// One JSON object a line on standard output.
func printLine(_ fields: [(String, Any)]) throws {
  let object = Dictionary(fields, uniquingKeysWith: { first, _ in first })
  let data = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])
  FileHandle.standardOutput.write(data + Data("\n".utf8))
}

/// The file's bytes; one that ends in `.gz` is unpacked by gzip(1).
func contents(of file: String) throws -> [UInt8] {
  guard file.hasSuffix(".gz") else { return [UInt8](try Data(contentsOf: URL(fileURLWithPath: file))) }
  let process = Process()
  let pipe = Pipe()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/gzip")
  process.arguments = ["-dc", file]
  process.standardOutput = pipe
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return [UInt8](data)
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
