import Quantities

/// A verb of the program: what it is called, which words it takes, and what it does.
///
/// Parameters are declared as stored properties with `@Argument`, `@Option`, `@Flag` and `@Passthrough`; parameters
/// that several verbs share stand in a `ParameterGroup`. Help, completion scripts and manual pages are generated
/// from the same declarations.
public protocol Command: SendableMetatype {
  /// How the verb presents itself.
  static var about: About { get }
  /// A command with every parameter at its default; the parser fills in the rest.
  init()
  /// Does the work. Data goes to standard output through `context`, messages to standard error.
  ///
  /// Throws `Problem` for what stands in the user's way, `ExitStatus` to end with a status of its own.
  func run(_ context: Context) async throws
}

/// A verb that only holds other verbs, such as `substrate` with `apply`, `show` and `remove`.
public protocol CommandGroup: Command {}

extension CommandGroup {
  /// A group does nothing by itself: it asks for one of its verbs.
  public func run(_ context: Context) async throws {
    throw Usage.missingVerb(after: Self.about.name, among: Self.about.subcommands.map { $0.about.name })
  }
}

/// Parameters that several verbs share; it is held as a plain stored property of a command.
public protocol ParameterGroup {}

/// How a verb presents itself in help, completion and manual pages.
public struct About: Sendable {
  /// The word that the user types.
  public var name: String
  /// One sentence with its full stop.
  public var summary: String
  /// Paragraphs separated by blank lines; a paragraph whose lines start with two spaces is kept as it stands.
  public var discussion: String
  /// Lines a user could type, each with what it does.
  public var examples: [Example]
  /// Verbs below this one.
  public var subcommands: [any Command.Type]
  /// Hidden verbs run, but neither help nor completion shows them.
  public var isHidden: Bool

  public init(
    _ name: String, _ summary: String, discussion: String = "", examples: [Example] = [],
    subcommands: [any Command.Type] = [], isHidden: Bool = false
  ) {
    self.name = name
    self.summary = summary
    self.discussion = discussion
    self.examples = examples
    self.subcommands = subcommands
    self.isHidden = isHidden
  }
}

/// A line that a user could type, and what it does.
public struct Example: Hashable, Sendable {
  /// The whole command line.
  public var line: String
  /// What it does; a phrase.
  public var purpose: String

  public init(_ line: String, _ purpose: String) {
    self.line = line
    self.purpose = purpose
  }
}
