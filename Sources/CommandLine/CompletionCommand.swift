import Quantities

/// `completion bash|zsh|fish`: prints the script; list it among a program's commands.
public struct CompletionCommand: CommandGroup {
  public static let about = About(
    "completion", "Print the completion script of a shell.",
    discussion: "The script asks the program for verbs, options and names while you type, so it never goes stale.",
    examples: [Example("source <(virtcloud completion bash)", "complete in this shell")],
    subcommands: [
      CompletionBash.self, CompletionZsh.self, CompletionFish.self, CompletionWords.self, CompletionManual.self,
    ])

  public init() {}
}

struct CompletionBash: Command {
  static let about = About("bash", "Print the script for bash.")

  func run(_ context: Context) throws {
    try context.write(Shell.bash.script(program: context.program.name))
  }
}

struct CompletionZsh: Command {
  static let about = About("zsh", "Print the script for zsh.")

  func run(_ context: Context) throws {
    try context.write(Shell.zsh.script(program: context.program.name))
  }
}

struct CompletionFish: Command {
  static let about = About("fish", "Print the script for fish.")

  func run(_ context: Context) throws {
    try context.write(Shell.fish.script(program: context.program.name))
  }
}

/// What the scripts call; the last word is the one being typed.
struct CompletionWords: Command {
  static let about = About("words", "Print what could be typed next.", isHidden: true)

  @Passthrough("WORD", help: "the words typed so far", isRequired: false) var words: [String]

  func run(_ context: Context) async throws {
    try context.write(try await Completer(program: context.program).answer(words).text)
  }
}

/// What `make install` calls.
struct CompletionManual: Command {
  static let about = About("manual", "Write the manual pages into a folder.", isHidden: true)

  @Argument(help: "where to write", completion: .directory) var folder: String

  func run(_ context: Context) throws {
    for page in ManualPage.all(of: context.program) { try page.write(into: folder) }
  }
}
