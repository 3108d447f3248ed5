import Glibc

/// Programs of this machine, run with an array of arguments and a clean environment; never through a shell.
public enum ProcessRun {
  /// Runs a program and waits; standard input, output and error are /dev/null.
  ///
  /// - Parameter descriptors: number in the program → open descriptor here; all others stay closed in it.
  /// - Throws: `SystemError` where the program cannot be run, or ends with another status than 0.
  public static func spawn(_ program: String, _ arguments: [String], descriptors: [Int32: Int32] = [:])
    throws(SystemError)
  {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    var attributes = spawnAttributes()
    defer { posix_spawnattr_destroy(&attributes) }
    for number: Int32 in 0...2 { posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0) }
    for (number, source) in descriptors { posix_spawn_file_actions_adddup2(&actions, source, number) }
    var process: pid_t = 0
    let code = withArguments(arguments) { argv in
      withArguments(["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8"]) { environment in
        posix_spawn(&process, program, &actions, &attributes, argv, environment)
      }
    }
    guard code == 0 else { throw SystemError(operation: "run", object: program, errno: code) }
    let status = try wait(for: process)
    if status != 0 {
      throw SystemError(operation: "run", object: program, errno: EIO, kernelMessage: "it ended with status \(status)")
    }
  }

  /// Waits for a child: its exit status, or 128 and the number of the signal that ended it.
  public static func wait(for process: pid_t) throws(SystemError) -> Int32 {
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      let code = errno
      if code != EINTR { throw SystemError(operation: "wait for", object: "process \(process)", errno: code) }
    }
    let signal = status & 0x7f
    return signal == 0 ? (status >> 8) & 0xff : 128 + signal
  }

  /// Gives a C array of the strings, ended by a null pointer, for the time of the closure.
  public static func withArguments<Value>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Value
  ) -> Value {
    let copies = strings.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    var array = copies + [nil]
    return array.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("the array holds at least its null pointer") }
      return body(base)
    }
  }
}
