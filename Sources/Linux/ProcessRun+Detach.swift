import Glibc

extension ProcessRun {
  /// Starts a program that outlives the caller: in a session of its own, standard input, output and error at
  /// /dev/null, no other descriptor open. It becomes a child of the system when the caller ends.
  ///
  /// - Parameters:
  ///   - output: An open descriptor that becomes its standard output and error instead.
  ///   - descriptors: Number in the program, above 2 → open descriptor here.
  public static func detach(
    _ program: String, _ arguments: [String], output: Int32? = nil, descriptors: [Int32: Int32] = [:]
  ) throws(SystemError) {
    var attributes = spawnAttributes(flags: startsSession)
    defer { posix_spawnattr_destroy(&attributes) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for number: Int32 in 0...2 {
      if number > 0, let output {
        posix_spawn_file_actions_adddup2(&actions, output, number)
      } else {
        posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
      }
    }
    // From copies that no step before can have overwritten.
    let copies = descriptors.mapValues { fcntl($0, F_DUPFD_CLOEXEC, 100) }
    defer { for copy in copies.values where copy >= 0 { close(copy) } }
    for (number, copy) in copies { posix_spawn_file_actions_adddup2(&actions, copy, number) }
    var process: pid_t = 0
    let code = withArguments(arguments) { argv in
      withArguments(["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8"]) { environment in
        posix_spawn(&process, program, &actions, &attributes, argv, environment)
      }
    }
    guard code == 0 else { throw SystemError(operation: "start", object: program, errno: code) }
  }

  /// Attributes with which a program starts with no signal blocked, whatever the calling thread blocks: the
  /// Swift runtime's threads block most, and what inherits that cannot be ended by SIGTERM or an alarm.
  static func spawnAttributes(flags: Int16 = 0) -> posix_spawnattr_t {
    var attributes = posix_spawnattr_t()
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_init(&attributes)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, flags | Int16(POSIX_SPAWN_SETSIGMASK))
    return attributes
  }

  /// `POSIX_SPAWN_SETSID` of `spawn.h`, which only GNU sources see.
  static var startsSession: Int16 { 0x80 }
}
