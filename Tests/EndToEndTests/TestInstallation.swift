import Glibc
import Linux
import Planning
import TestSupport
import Testing

/// The real program with a fresh state directory, and so with marks of its own: no test touches the system's
/// installation, or another test's.
final class TestInstallation {
  let folder: String
  let state: String
  let realm: Realm
  var runFolder: String { "/run/virtcloud-\(realm.tag)" }

  /// The program stands beside the bundle of the tests.
  static let program: String = {
    if let path = getenv("VIRTCLOUD_BINARY") { return String(cString: path) }
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    let path = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/virtcloud"
  }()

  /// The repository's examples.
  static let examples = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/examples"

  private init() throws {
    // A guest has a /tmp of its own, but the rest of the host's root is there copy-on-write.
    folder = try TemporaryFolder.make(in: "/var/tmp")
    state = folder + "/state"
    realm = Realm(stateDirectory: state)
  }

  /// Runs `body` with a fresh installation; takes everything away in reverse order and counts what is left.
  static func with(substrate: String? = nil, _ body: (TestInstallation) throws -> Void) throws {
    let installation = try TestInstallation()
    defer {
      TemporaryFolder.remove(installation.runFolder)
      TemporaryFolder.remove(installation.folder)
    }
    let result = Result {
      if let substrate {
        try installation.write(substrate, to: "test.substrate.yaml")
        try installation.succeed("substrate", "apply", "test.substrate.yaml")
      }
      try body(installation)
    }
    for verb in [["down", "--all", "--yes"], ["substrate", "remove", "--yes"], ["gc"], ["stop"]] {
      let run = try installation.run(verb)
      #expect(run.status == 0, "\(verb.joined(separator: " ")): \(run.error)")
    }
    #expect(try installation.leftovers() == [])
    try result.get()
  }

  /// Writes a file into the folder in which the program runs.
  func write(_ text: String, to name: String) throws { try TemporaryFolder.write(text, to: folder + "/" + name) }

  /// Starts the program.
  func start(_ arguments: [String], input: String = "", environment: [String: String] = [:]) throws
    -> CommandRun.Running
  {
    try CommandRun.Running(
      [Self.program] + arguments, input: input,
      environment: ["VIRTCLOUD_STATE": state].merging(environment) { $1 }, folder: folder)
  }

  /// Runs the program to its end.
  func run(_ arguments: [String], input: String = "", environment: [String: String] = [:]) throws -> CommandRun {
    try start(arguments, input: input, environment: environment).wait()
  }

  /// Runs the program, expects that it succeeds, and gives its output.
  @discardableResult
  func succeed(_ arguments: String..., location: SourceLocation = #_sourceLocation) throws -> String {
    let run = try run(arguments)
    try #require(
      run.status == 0, "\(arguments.joined(separator: " ")): \(run.status) \(run.error)", sourceLocation: location)
    return run.output
  }

  /// Builds what `text` describes.
  func up(_ text: String, location: SourceLocation = #_sourceLocation) throws {
    let run = try run(["up", "-t", "-"], input: text)
    try #require(run.status == 0, "up: \(run.status) \(run.error)", sourceLocation: location)
  }

  /// Runs a command in a node; its exit status is the node's.
  func exec(_ name: String, _ node: String, _ command: String...) throws -> CommandRun {
    try run(["exec", name, node, "--"] + command)
  }

  /// Runs a script for sh(1) in a node.
  func shell(_ name: String, _ node: String, _ script: String) throws -> CommandRun {
    try exec(name, node, "sh", "-c", script)
  }

  /// True where `node` gets an answer from `target`.
  func reaches(_ name: String, _ node: String, _ target: String) throws -> Bool {
    try exec(name, node, "ping", "-q", "-c", "2", "-i", "0.2", "-w", "4", target).status == 0
  }
}
