import Client
import CommandLine
import Controller

/// `virtcloud exec`.
struct Exec: Command {
  static let about = About(
    "exec", "Run a command inside a node; its output and exit status are the command's.",
    discussion: "With a terminal, the command gets one too. A command that a signal ends gives 128 and the signal.",
    examples: [
      Example("virtcloud exec mpi-lab worker1 -- ping -c 3 worker2", "Ping from one node to another"),
      Example("virtcloud exec mpi-lab gw -- bash", "A shell in a node"),
    ])

  @Argument("NAME", help: "the infrastructure", completion: .infrastructure) var name: String
  @Argument("NODE", help: "the node", completion: .node) var node: String
  @Passthrough(help: "the command and its arguments") var command: [String]
  var cloud = CloudOptions()

  func run(_ context: Context) async throws {
    let status: Int32
    if let client = try cloud.access.doorman(of: name, node: node) {
      status = try RemoteTerminal(client).run(name, node: node, command: command)
    } else {
      status = try Controller(cloud.installation()).exec(name, node: node, arguments: command)
    }
    if status != 0 { throw ExitStatus(status) }
  }
}
