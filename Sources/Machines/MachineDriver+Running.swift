import Glibc
import Linux

extension MachineDriver {
  /// Every machine that is up: infrastructure number → machine key → host process id of its PID 1.
  public func running() throws -> [UInt32: [String: pid_t]] {
    var found: [UInt32: [String: pid_t]] = [:]
    for number in try infrastructures() {
      found[number] = try running(infrastructure: number)
    }
    return found
  }

  /// The machines of one infrastructure that are up, by key.
  public func running(infrastructure number: UInt32) throws -> [String: pid_t] {
    var found: [String: pid_t] = [:]
    for key in try Folder.subfolders(tracking(number)) where key != Self.launcher {
      found[key] = try processes("\(tracking(number))/\(key)").first(where: Self.isInit)
    }
    return found
  }

  /// Numbers of the infrastructures that have cgroups here, in any hierarchy, whether machines run there or not.
  public func infrastructures() throws -> [UInt32] {
    let names = try layout.hierarchies.flatMap { try Folder.subfolders(folder($0)) }
    return Set(names.compactMap { UInt32($0) }).sorted()
  }

  /// Cgroup folder of the launcher within its infrastructure's.
  static let launcher = "launcher"

  func processes(_ folder: String) throws(SystemError) -> [pid_t] {
    do {
      return try TextFile.read(folder + "/cgroup.procs").split(separator: "\n").compactMap { pid_t($0) }
    } catch  where error.isNotFound {
      return []
    }
  }

  /// PID 1 of a process namespace right below ours, and past its start: only then it is called `vc-init`.
  private static func isInit(_ process: pid_t) -> Bool {
    guard let status = try? TextFile.read("/proc/\(process)/status") else { return false }  // gone meanwhile
    let lines = status.split(separator: "\n")
    guard lines.first == "Name:\tvc-init" else { return false }
    guard
      let numbers = lines.first(where: { $0.hasPrefix("NSpid:") })?.dropFirst(6).split(whereSeparator: \.isWhitespace)
    else { return false }
    return numbers.last == "1" && numbers.count == 2
  }
}
