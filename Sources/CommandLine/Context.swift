import Quantities

/// What a running command may use of the outside: where its output goes, and the environment.
public struct Context: Sendable {
  /// Where output goes.
  public let console: Console
  /// Variables of the process, or those a test made up.
  public let environment: [String: String]
  /// The program whose command runs.
  public let program: Program

  /// A context; a test gives its own console and environment.
  public init(console: Console, environment: [String: String], program: Program = .nameless) {
    self.console = console
    self.environment = environment
    self.program = program
  }

  /// Writes a table to standard output in the wanted format.
  public func write(_ table: Table, _ output: OutputOptions) throws {
    try console.out(Renderer(format: output.format, style: console.outStyle).text(table))
  }

  /// Writes one record to standard output in the wanted format.
  public func write(_ record: Record, _ output: OutputOptions) throws {
    try console.out(Renderer(format: output.format, style: console.outStyle).text(record))
  }

  /// Writes text as it is to standard output.
  public func write(_ text: String) throws {
    try console.out(text)
  }

  /// Writes a line for the person to standard error, unless `--quiet`.
  public func say(_ line: String, _ output: OutputOptions) {
    if !output.quiet { console.message(line + "\n") }
  }

  /// A progress reporter that fits: silent with `--quiet`, live on a terminal, plain lines elsewhere.
  public func progress(_ output: OutputOptions) -> any ProgressReporter {
    if output.quiet { return SilentProgress() }
    if console.errorIsTerminal { return LiveProgress(console: console) }
    return PlainProgress(console: console)
  }
}

/// The options of every verb that writes data.
public struct OutputOptions: ParameterGroup {
  /// `-f`, `--format`.
  @Option(short: "f", value: "FORMAT", help: "how data is written") public var format: OutputFormat = .table
  /// `-q`, `--quiet`.
  @Flag(short: "q", help: "say nothing but data and errors") public var quiet: Bool

  public init() {}
}
