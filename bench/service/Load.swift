import Glibc
import Quantities

/// What a process has used, by proc(5).
struct Load {
  var processorSeconds = 0.0
  var residentMiB = 0.0

  /// - Parameter process: 0 is nobody.
  static func of(_ process: Int) throws -> Load {
    guard process > 0 else { return Load() }
    let stat = String(decoding: try Files.read("/proc/\(process)/stat"), as: UTF8.self)
    // After the name, which may have spaces: state is the first field, utime and stime are the 12th and 13th,
    // resident pages the 22nd.
    let fields = stat.split(separator: ")").last?.split(separator: " ") ?? []
    guard fields.count > 21, let user = Double(fields[11]), let system = Double(fields[12]),
      let pages = Double(fields[21])
    else {
      throw Problem(.failed, "no-load", "/proc/\(process)/stat is strange.", remedy: "Look whether the process lives.")
    }
    return Load(
      processorSeconds: (user + system) / Double(sysconf(Int32(_SC_CLK_TCK))),
      residentMiB: pages * Double(sysconf(Int32(_SC_PAGESIZE))) / 1_048_576)
  }
}
