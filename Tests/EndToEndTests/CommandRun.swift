import Glibc
import Linux

/// A program that a test runs, with its output in files, so that what it leaves running cannot hold a pipe open.
struct CommandRun {
  /// The exit status; 128 and the signal where a signal ended it.
  var status: Int32
  var output: String
  var error: String

  /// Runs a program to its end. `arguments` begin with its path.
  static func run(
    _ arguments: [String], input: String = "", environment: [String: String] = [:], folder: String = "/"
  ) throws -> CommandRun {
    try Running(arguments, input: input, environment: environment, folder: folder).wait()
  }

  /// A program under way.
  final class Running {
    let pid: pid_t
    private let files: String

    init(
      _ arguments: [String], input: String = "", environment: [String: String] = [:], folder: String = "/"
    ) throws {
      files = try TemporaryFolder.make()
      try TemporaryFolder.write(input, to: files + "/in")
      var actions = posix_spawn_file_actions_t()
      posix_spawn_file_actions_init(&actions)
      defer { posix_spawn_file_actions_destroy(&actions) }
      posix_spawn_file_actions_addopen(&actions, 0, files + "/in", O_RDONLY, 0)
      for (number, name) in [(Int32(1), "/out"), (2, "/err")] {
        posix_spawn_file_actions_addopen(&actions, number, files + name, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      }
      // env(1) goes to the folder and becomes the program: the process stays the same.
      pid = try Self.spawn(["/usr/bin/env", "-C", folder] + arguments, environment, &actions)
    }

    private static func spawn(
      _ arguments: [String], _ environment: [String: String], _ actions: inout posix_spawn_file_actions_t
    ) throws -> pid_t {
      let path = ["PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"]
      let whole = path.merging(environment) { $1 }
      var argv = arguments.map { strdup($0) } + [nil]
      var envp = whole.map { strdup("\($0.key)=\($0.value)") } + [nil]
      defer { (argv + envp).forEach { free($0) } }
      // The runner's threads block signals; a program that inherits that cannot be ended by one.
      var attributes = posix_spawnattr_t()
      var none = sigset_t()
      sigemptyset(&none)
      posix_spawnattr_init(&attributes)
      defer { posix_spawnattr_destroy(&attributes) }
      posix_spawnattr_setsigmask(&attributes, &none)
      posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
      var pid: pid_t = 0
      let code = posix_spawn(&pid, arguments[0], &actions, &attributes, &argv, &envp)
      guard code == 0 else { throw SystemError(operation: "run", object: arguments[0], errno: code) }
      return pid
    }

    /// True where it has ended and waits to be waited for.
    func hasEnded() throws -> Bool {
      var facts = siginfo_t()
      let code = waitid(P_PID, id_t(pid), &facts, WEXITED | WNOHANG | WNOWAIT)
      try check(code, "look at", "\(pid)")
      return facts.si_signo == SIGCHLD
    }

    /// Sends a signal.
    func signal(_ number: Int32) { kill(pid, number) }

    /// What it has written until now.
    var output: String { get throws { try TemporaryFolder.read(files + "/out") } }
    var error: String { get throws { try TemporaryFolder.read(files + "/err") } }

    /// Waits for its end and takes its files away.
    func wait() throws -> CommandRun {
      var status: Int32 = 0
      while waitpid(pid, &status, 0) < 0 {
        guard errno == EINTR else { throw SystemError(operation: "wait", object: "\(pid)", errno: errno) }
      }
      defer { TemporaryFolder.remove(files) }
      let signal = status & 0x7f
      return CommandRun(
        status: signal == 0 ? (status >> 8) & 0xff : 128 + signal, output: try output, error: try error)
    }
  }
}
