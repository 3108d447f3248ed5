import CLinux
import Glibc
import Linux

extension MachineDriver {
  /// Host process ids of everything that runs in a machine, by the name of its program (at most 15 characters,
  /// `proc_pid_comm(5)`); its PID 1 is one of them.
  public func programs(machine key: String, infrastructure number: UInt32) throws(SystemError) -> [String: [pid_t]] {
    var found: [String: [pid_t]] = [:]
    for process in try processes("\(tracking(number))/\(key)") {
      guard let name = try? TextFile.read("/proc/\(process)/comm") else { continue }  // gone meanwhile
      found[String(name.prefix { $0 != "\n" }), default: []].append(process)
    }
    return found
  }

  /// Ends programs of a machine by name and waits until they are gone: they are asked to, and killed where they have
  /// not done so after 5 seconds.
  public func end(programs names: Set<String>, machine key: String, infrastructure number: UInt32) throws {
    for attempt in 0..<1000 {
      let left = try programs(machine: key, infrastructure: number).filter { names.contains($0.key) }
      if left.isEmpty { return }
      if attempt == 0 || attempt == 500 {
        for process in left.values.joined() {
          try signal(process, attempt == 0 ? SIGTERM : SIGKILL, machine: key, infrastructure: number)
        }
      }
      var pause = timespec(tv_sec: 0, tv_nsec: 10_000_000)
      nanosleep(&pause, nil)
    }
    throw SystemError(operation: "end", object: names.sorted().joined(separator: ", "), errno: ETIMEDOUT)
  }

  /// Signals a process if it is the machine's. Its number may be somebody else's by now: only once a descriptor holds
  /// the process, and the number is in the machine's control group still, it is surely meant.
  private func signal(_ process: pid_t, _ number: Int32, machine key: String, infrastructure: UInt32) throws {
    let held = vc_process_descriptor(process)
    guard held >= 0 else { return }  // gone already is as good
    let descriptor = Descriptor(owning: held)
    guard try processes("\(tracking(infrastructure))/\(key)").contains(process) else { return }
    if vc_signal(descriptor.rawValue, number) != 0, errno != ESRCH {
      throw SystemError(operation: "signal", object: "process \(process)", errno: errno)
    }
  }
}
