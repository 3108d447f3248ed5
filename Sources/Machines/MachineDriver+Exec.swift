import CLinux
import Glibc
import Linux
import Quantities

extension MachineDriver {
  /// Search path in a machine.
  static let searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

  /// Runs a program as root of a machine and waits for it.
  ///
  /// - Parameters:
  ///   - process: host process id of the machine's PID 1, as `running()` has it.
  ///   - terminal: true gives it a terminal of the machine's own, relayed to standard input and output.
  ///   - standard: its standard input, output and error where it has no terminal.
  /// - Returns: its exit status, 128 and the signal's number, 127 where it was not found, 126 where it cannot be
  ///   executed.
  public func exec(
    machine key: String, infrastructure number: UInt32, process: pid_t, hostname: String, arguments: [String],
    environment: [String: String] = [:], terminal: Bool = false, standard: (Int32, Int32, Int32) = (0, 1, 2)
  ) throws -> Int32 {
    var variables = ["HOSTNAME": hostname]
    if terminal { variables["TERM"] = getenv("TERM").map { String(cString: $0) } ?? "linux" }
    variables.merge(environment) { _, given in given }
    var master: Int32 = -1
    let started = try start(
      machine: key, infrastructure: number, process: process, arguments: arguments, environment: variables,
      standard: terminal ? nil : standard, &master)
    switch started {
    case .failure(let error) where error.operation == "exec":
      return error.errno == ENOENT || error.errno == ENOTDIR ? 127 : 126
    case .failure(let error): throw error
    case .success(let program):
      guard terminal else { return try check(vc_wait_forwarding(program), "wait for", arguments.first ?? "") }
      let end = Descriptor(owning: master)
      try TerminalRelay.run(end)
      return try ProcessRun.wait(for: program)
    }
  }

  /// Starts a program as root of a machine, in its control groups; it is the caller's child.
  ///
  /// - Parameter standard: nil gives it a terminal, whose master end is `master` then.
  func start(
    machine key: String, infrastructure number: UInt32, process: pid_t, arguments: [String],
    environment: [String: String], standard: (Int32, Int32, Int32)?, _ master: inout Int32
  ) throws -> Result<pid_t, SystemError> {
    var cgroups: [Int32] = []
    defer { for file in cgroups { close(file) } }
    for hierarchy in layout.hierarchies {
      let path = "\(folder(hierarchy, number))/\(key)/cgroup.procs"
      // A machine that was started before there was a freezer is not in it.
      if hierarchy.controllers == [.freezer], access(path, F_OK) != 0 { continue }
      cgroups.append(try Descriptor(opening: path, O_WRONLY).release())
    }
    var variables = ["PATH": Self.searchPath, "HOME": "/root", "LANG": "C.UTF-8"]
    variables.merge(environment) { _, given in given }
    return start(process, cgroups, arguments, variables.map { "\($0)=\($1)" }.sorted(), standard, &master)
  }

  private func start(
    _ process: pid_t, _ cgroups: [Int32], _ arguments: [String], _ environment: [String],
    _ standard: (Int32, Int32, Int32)?, _ master: inout Int32
  ) -> Result<pid_t, SystemError> {
    var step: UnsafePointer<CChar>?
    let program = ProcessRun.withArguments(arguments) { argv in
      ProcessRun.withArguments(environment) { variables in
        Self.searchPath.withCString { path in
          cgroups.withUnsafeBufferPointer { files in
            var what = vc_exec()
            what.process = process
            what.cgroups = files.baseAddress
            what.cgroup_count = Int32(files.count)
            what.arguments = UnsafePointer(argv)
            what.environment = UnsafePointer(variables)
            what.path = path
            return "/root".withCString { folder in
              what.folder = folder
              what.standard = standard ?? (0, 1, 2)
              what.terminal = standard == nil ? 1 : 0
              return vc_exec_in(&what, &master, &step)
            }
          }
        }
      }
    }
    let code = errno
    guard program < 0 else { return .success(program) }
    let name = step.map { String(cString: $0) } ?? "start"
    return .failure(SystemError(operation: name, object: arguments.first ?? "", errno: code))
  }
}
