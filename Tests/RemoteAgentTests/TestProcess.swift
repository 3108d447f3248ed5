import FoundationEssentials
import Glibc
import Linux

/// Programs that a test runs, with what they write in a file.
final class TestProcess {
  let pid: pid_t
  private let file: String
  private var status: Int32?

  /// Starts a program; `arguments` begin with its path.
  init(_ arguments: [String], output: String) throws {
    file = output
    let log = try Descriptor(opening: output, O_WRONLY | O_CREAT | O_APPEND)
    pid = try ProcessRun.start(arguments[0], arguments, output: log.rawValue)
  }

  var output: String { (try? TextFile.read(file)) ?? "" }

  func signal(_ number: Int32) { if status == nil { kill(pid, number) } }

  /// Its exit status, once it has ended.
  @discardableResult
  func wait() throws -> Int32 {
    if let status { return status }
    let ended = try ProcessRun.wait(for: pid)
    status = ended
    return ended
  }

  /// The status where it ends within so many seconds; nil where it goes on.
  func wait(seconds: Double) throws -> Int32? {
    let hasEnded = eventually(seconds) {
      var code: Int32 = 0
      guard self.status == nil else { return true }
      let found = waitpid(self.pid, &code, WNOHANG)
      if found == self.pid { self.status = code & 0x7f == 0 ? (code >> 8) & 0xff : 128 + (code & 0x7f) }
      return found != 0
    }
    return hasEnded ? status : nil
  }

  /// Runs a program to its end; its output and status.
  static func run(_ arguments: [String], in folder: String) throws -> (output: String, status: Int32) {
    let path = folder + "/run-\(UInt64.random(in: 0..<UInt64.max))"
    let process = try TestProcess(arguments, output: path)
    let status = try process.wait()
    defer { unlink(path) }
    return (process.output, status)
  }
}

/// Waits until something is so, looking 50 times a second; false where it is not after so many seconds.
func eventually(_ seconds: Double, _ body: () throws -> Bool) rethrows -> Bool {
  let end = Clock.monotonic + UInt64(seconds * 1_000_000_000)
  while try !body() {
    if Clock.monotonic > end { return false }
    usleep(20_000)
  }
  return true
}
