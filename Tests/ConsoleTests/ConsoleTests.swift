import Glibc
import Linux
import TestSupport
import Testing

/// The console in a headless Chromium, against a mock of the service: `check_console.py`, whose checks are the
/// arguments here.
@Suite struct ConsoleTests {
  /// Each check, and what it holds.
  static let checks = [
    // Modules: the terminal's screen, server-sent events, the cursor's place in YAML, quantities.
    "all-modules-come-at-once", "terminal-sequences", "event-parser", "yaml-places", "quantities",
    // Views: no violation of the policy, no error in the log, no horizontal scrolling, names for screen readers.
    "views-without-complaints", "views-on-a-phone", "views-in-the-dark-with-names",
    // Keys alone, and input of strangers.
    "graph", "one-way-by-keys", "nothing-foreign-gets-in", "frame-and-keys",
    // What can be done.
    "login", "hosts", "lease-and-end", "search", "events-again-after-a-break", "calendar", "terminal-programs",
    "tokens", "tokens-of-a-narrow-token", "own-quota", "projects", "projects-of-a-member", "usage", "audit",
    "menu-by-role", "actions-by-role", "many-pages", "long-lists",
    "errors-in-place", "completion", "plan-and-up", "change-of-what-runs", "refusal-and-offer",
  ]

  @Test func consoleInChromium() throws {
    let run = try ConsoleRun("check_console.py")
    for check in Self.checks {
      #expect(run.results[check] != nil, "\(check) did not run: \(run.rest)")
      if let problem = run.results[check] ?? nil { Issue.record("\(check): \(problem)") }
    }
    #expect(Set(run.results.keys).subtracting(Self.checks).isEmpty, "checks that are not named here")
    #expect(run.status == 0, "it ended with status \(run.status): \(run.rest)")
  }
}

/// The console of the real service: a file is checked, planned and built, its machine entered by a terminal, its lease
/// moved, and it is ended.
@Suite struct ConsoleServiceTests {
  /// The program stands beside the bundle of the tests.
  private static let program: String = {
    if let path = getenv("VIRTCLOUD_BINARY") { return String(cString: path) }
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    let path = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/virtcloud"
  }()

  @Test(KernelTest.requireRoot) func wholeRoad() throws {
    let run = try ConsoleRun("check_service.py", Self.program)
    if let problem = run.results["whole-road"] ?? nil { Issue.record("\(problem)") }
    #expect(run.status == 0 && run.results.count == 1, "it ended with status \(run.status): \(run.rest)")
  }
}

/// One run of the checks; it ends by itself in bounded time.
struct ConsoleRun {
  var status: Int32
  /// What is wrong by check; nil where nothing is.
  var results: [String: String?] = [:]
  /// Lines that are no results.
  var rest = ""

  init(_ script: String, _ arguments: String...) throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw SystemError(operation: "make", object: "pipe", errno: errno) }
    // Programs that other tests start must not hold it open.
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let path = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/" + script
    let process: pid_t
    do {
      process = try ProcessRun.start("/usr/bin/python3", ["python3", "-B", path] + arguments, output: ends[1])
    } catch {
      for end in ends { close(end) }
      throw error
    }
    close(ends[1])
    let text = Self.readAll(ends[0])
    close(ends[0])
    status = try ProcessRun.wait(for: process)
    for line in text.split(separator: "\n") { take(line) }
  }

  private mutating func take(_ line: Substring) {
    let words = line.split(separator: " ", maxSplits: line.hasPrefix("not ok ") ? 2 : 1)
    if line.hasPrefix("ok "), words.count == 2 {
      results[String(words[1].prefix { $0 != " " })] = .some(nil)
    } else if line.hasPrefix("not ok "), words.count == 3 {
      let name = words[2].prefix { $0 != ":" }
      results[String(name)] = String(words[2].dropFirst(name.count + 2))
    } else {
      rest += line + "\n"
    }
  }

  private static func readAll(_ descriptor: Int32) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count > 0 {
        bytes += buffer[..<count]
      } else if count == 0 || errno != EINTR {
        return String(decoding: bytes, as: UTF8.self)
      }
    }
  }
}
