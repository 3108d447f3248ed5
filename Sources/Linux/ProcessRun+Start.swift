import Glibc

extension ProcessRun {
  /// Starts a program as a child of the caller, in a session of its own and in the calling thread's namespaces;
  /// standard input is /dev/null, no descriptor but the three standard ones is open in it.
  ///
  /// - Parameter output: an open descriptor that becomes its standard output and error.
  /// - Returns: the child's process id; the caller waits for its end (`wait(for:)`).
  public static func start(_ program: String, _ arguments: [String], output: Int32) throws(SystemError) -> pid_t {
    var attributes = spawnAttributes(flags: startsSession)
    defer { posix_spawnattr_destroy(&attributes) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    for number: Int32 in 1...2 { posix_spawn_file_actions_adddup2(&actions, output, number) }
    var process: pid_t = 0
    let code = withArguments(arguments) { argv in
      withArguments(["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8"]) { environment in
        posix_spawn(&process, program, &actions, &attributes, argv, environment)
      }
    }
    guard code == 0 else { throw SystemError(operation: "start", object: program, errno: code) }
    return process
  }
}
