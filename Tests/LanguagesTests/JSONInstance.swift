import Foundation

@testable import Languages

extension LocatedNode {
  /// What an editor sees: plain scalars by the core schema of YAML 1.2 (section 10.3.2).
  var json: Any {
    switch content {
    case .sequence(let elements): return elements.map(\.json)
    case .mapping(let entries):
      return Dictionary(entries.map { ($0.key, $0.value.json) }) { first, _ in first }
    case .scalar(let text, let isPlain):
      guard isPlain else { return text }
      if isNull { return NSNull() }
      if text == "true" || text == "false" { return text == "true" }
      if let number = Int(text) { return number }
      if text.first?.isNumber == true, let number = Double(text) { return number }
      return text
    }
  }
}

/// Debian's python3-jsonschema, where it is installed.
enum Validator {
  private static let program = """
    import json, sys
    import jsonschema
    schema, instances = json.load(sys.stdin)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    json.dump([[e.message[:200] for e in validator.iter_errors(i)] for i in instances], sys.stdout)
    """

  /// Whether `import jsonschema` works.
  static var isThere: Bool { (try? run("import jsonschema", Data())) != nil }

  /// For each instance what is wrong with it.
  static func faults(_ instances: [Any], schema: PublishedSchema) throws -> [[String]] {
    let schema = try JSONSerialization.jsonObject(with: Data(schema.text()))
    let input = try JSONSerialization.data(withJSONObject: [schema, instances])
    return try JSONDecoder().decode([[String]].self, from: run(program, input))
  }

  private struct Failed: Error { var status: Int32 }

  private static func run(_ program: String, _ input: Data) throws -> Data {
    let folder = FileManager.default.temporaryDirectory
    let file = folder.appending(path: "virtcloud-schema-\(UUID().uuidString).json")
    try input.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }  // a file in the temporary folder, no more
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.arguments = ["-W", "ignore", "-c", program]
    process.standardInput = try FileHandle(forReadingFrom: file)
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed(status: process.terminationStatus) }
    return data
  }
}
