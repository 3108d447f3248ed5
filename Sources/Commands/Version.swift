import CommandLine

/// `virtcloud version`.
struct Version: Command {
  static let about = About("version", "Tell the version.")
  /// As in CHANGELOG.md.
  static let current = "0.1.0"

  var output = OutputOptions()

  func run(_ context: Context) async throws {
    if output.format == .table { return try context.write("virtcloud \(Self.current)\n") }
    try context.write(Record([.init("version", nil, .string(Self.current))]), output)
  }
}
