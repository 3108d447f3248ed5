import Foundation
import Testing

/// What a command printed, and how it ended.
struct CommandRun {
  var status: Int32
  var output: String
  var error: String

  /// Runs a program with an array of arguments and waits for it; `input` is its standard input.
  ///
  /// A program that is still running after `limit` seconds is killed.
  static func run(
    _ program: String, _ arguments: [String], environment: [String: String] = [:], input: String? = nil,
    limit: Double = 60, directory: String? = nil
  ) throws -> CommandRun {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.environment = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"].merging(environment) { $1 }
    if let directory { process.currentDirectoryURL = URL(fileURLWithPath: directory) }
    // Files, not pipes: what a detached child keeps open must not keep us waiting.
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("virtcloud-e2e-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let files = try ["in", "out", "err"].map { name -> FileHandle in
      let path = folder.appendingPathComponent(name)
      try Data((name == "in" ? input ?? "" : "").utf8).write(to: path)
      return try FileHandle(forUpdating: path)
    }
    process.standardInput = files[0]
    process.standardOutput = files[1]
    process.standardError = files[2]
    try process.run()
    let deadline = DispatchWorkItem { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }
    DispatchQueue.global().asyncAfter(deadline: .now() + limit, execute: deadline)
    process.waitUntilExit()
    deadline.cancel()
    func text(_ name: String) throws -> String {
      String(decoding: try Data(contentsOf: folder.appendingPathComponent(name)), as: UTF8.self)
    }
    let status = process.terminationReason == .exit ? process.terminationStatus : 128 + process.terminationStatus
    return CommandRun(status: status, output: try text("out"), error: try text("err"))
  }
}

/// Waits until `condition` holds, at most `limit` seconds; false where it never did.
func eventually(_ limit: Double = 10, _ condition: () throws -> Bool) rethrows -> Bool {
  let end = Date().addingTimeInterval(limit)
  while Date() < end {
    if try condition() { return true }
    usleep(50_000)
  }
  return false
}
