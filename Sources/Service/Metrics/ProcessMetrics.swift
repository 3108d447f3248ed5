import Glibc
import Linux

/// What the kernel says of this process, under the names that Prometheus' own clients use.
enum ProcessMetrics {
  static func write(to metrics: inout MetricText) {
    var usage = rusage()
    if getrusage(Int32(RUSAGE_SELF.rawValue), &usage) == 0 {
      metrics.single(
        "process_cpu_seconds_total", .counter, "Time of all processors, user and system.",
        seconds(usage.ru_utime) + seconds(usage.ru_stime))
    }
    if let pages = field(1, of: "/proc/self/statm") {
      metrics.single(
        "process_resident_memory_bytes", .gauge, "Memory that is in use.", pages * Double(sysconf(Int32(_SC_PAGESIZE))))
    }
    if let pages = field(0, of: "/proc/self/statm") {
      metrics.single(
        "process_virtual_memory_bytes", .gauge, "Address space.", pages * Double(sysconf(Int32(_SC_PAGESIZE))))
    }
    metrics.single("process_open_fds", .gauge, "Open descriptors.", Double(openDescriptors))
    var limit = rlimit()
    if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
      metrics.single("process_max_fds", .gauge, "Descriptors that may be open.", Double(limit.rlim_cur))
    }
    if let threads = threads { metrics.single("process_threads", .gauge, "Threads.", threads) }
  }

  private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

  /// A number of a file of numbers.
  private static func field(_ index: Int, of path: String) -> Double? {
    guard let text = text(path) else { return nil }
    let parts = text.split(separator: " ")
    return parts.count > index ? Double(parts[index]) : nil
  }

  private static var threads: Double? {
    guard let line = text("/proc/self/status")?.split(separator: "\n").first(where: { $0.hasPrefix("Threads:") })
    else { return nil }
    return Double(line.dropFirst(8).filter { $0 != "\t" && $0 != " " })
  }

  /// Nil where the kernel does not tell: the metric is left out then.
  private static func text(_ path: String) -> String? {
    try? TextFile.read(path)
  }

  private static var openDescriptors: Int {
    guard let folder = opendir("/proc/self/fd") else { return 0 }
    defer { closedir(folder) }
    var count = 0
    while readdir(folder) != nil { count += 1 }
    // Beside `.` and `..` the folder itself is open.
    return max(0, count - 3)
  }
}
