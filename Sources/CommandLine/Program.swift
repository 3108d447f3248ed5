import Glibc
import Quantities

/// The program: its verbs, and the road from the words typed to the exit status.
public struct Program: Sendable {
  /// Answers the shell's question for names; `kind` is what is completed, `words` the positional words before it.
  public typealias Names = @Sendable (_ kind: Completion, _ words: [String]) async throws -> [String]

  /// What the user types.
  public let name: String
  /// Shown by `--version` and in manual pages.
  public let version: String
  /// One sentence with its full stop.
  public let summary: String
  /// Paragraphs for the overview; see `About`.
  public let discussion: String
  /// Verbs of the first level, in the order of help.
  public let commands: [any Command.Type]
  let names: Names

  /// A program; `names` answers the shell's questions for names.
  public init(
    name: String, version: String, summary: String, discussion: String = "", commands: [any Command.Type],
    names: @escaping Names = { _, _ in [] }
  ) {
    self.name = name
    self.version = version
    self.summary = summary
    self.discussion = discussion
    self.commands = commands
    self.names = names
  }

  /// A program without verbs, where a command runs on its own, as in a test.
  public static let nameless = Program(name: "virtcloud", version: "0", summary: "", commands: [])

  /// Runs the process's own command line on its own console. Give the result to `exit(3)`.
  public func main() async -> Int32 {
    // A reader that goes away shall be an error of write(2), not the end of the process in the middle of work.
    signal(SIGPIPE, SIG_IGN)
    let environment = ProcessEnvironment.current()
    let console = Console.standard(environment: environment)
    return await run(Array(Swift.CommandLine.arguments.dropFirst()), environment, console).code
  }

  /// Runs the words and answers the exit status; whatever goes wrong is told on standard error.
  public func run(_ words: [String], _ environment: [String: String], _ console: Console) async -> ExitStatus {
    do {
      try await perform(words, Context(console: console, environment: environment, program: self))
      return .done
    } catch let status as ExitStatus {
      return status
    } catch is BrokenPipe {
      return .done
    } catch let problem as Problem {
      tell(problem, words, environment, console)
      return ExitStatus(problem.kind)
    } catch {
      let problem = Problem(
        .failed, "internal", "Something unforeseen went wrong: \(error).",
        remedy: "Run '\(name) doctor', and report this message if it says that all is well.")
      tell(problem, words, environment, console)
      return .failed
    }
  }
}
