import Foundation
import Glibc
import Linux
import Synchronization

extension NetworkNamespace {
  /// Runs a program in this network namespace; returns what it said, throws where it failed.
  @discardableResult
  func run(_ words: [String]) throws -> String {
    // O_TMPFILE: a file without a name (`open(2)`).
    let output = try Descriptor(opening: "/tmp", 0o20200000 | O_RDWR)
    try ProcessRun.spawn(
      "/usr/bin/nsenter", ["nsenter", "--net=/proc/self/fd/9"] + words,
      descriptors: [9: descriptor.rawValue, 1: output.rawValue])
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = try check(pread(output.rawValue, &bytes, bytes.count, 0), "read", "output of \(words)")
    return String(decoding: bytes.prefix(count), as: UTF8.self)
  }

  /// Starts a program that ends by itself.
  func start(_ words: [String]) -> BackgroundRun {
    let run = BackgroundRun()
    Thread.detachNewThread { run.finish(Result { try self.run(words) }) }
    return run
  }
}

/// A program on a thread of its own.
final class BackgroundRun: Sendable {
  private let result = Mutex<Result<String, any Error>?>(nil)
  private let isDone = DispatchSemaphore(value: 0)

  fileprivate func finish(_ result: Result<String, any Error>) {
    self.result.withLock { $0 = result }
    isDone.signal()
  }

  /// Waits for its end; what it said.
  @discardableResult
  func wait() throws -> String {
    isDone.wait()
    return try result.withLock { try $0?.get() ?? "" }
  }
}

extension TestGuest {
  /// Two seconds of TCP to a guest of address 10.0.0.2; iperf3's report (JSON).
  func transfer(to server: TestGuest) throws -> String {
    let serving = server.device.namespace.start(["timeout", "20", "iperf3", "-s", "-1"])
    for _ in 0..<200 {
      // With -J it ends with status 0 even where it finds no server yet.
      let report = try run("timeout", "10", "iperf3", "-c", "10.0.0.2", "-t", "2", "-J")
      if report.contains("sum_received") {
        try serving.wait()
        return report
      }
      usleep(20_000)
    }
    throw SystemError(operation: "reach", object: "iperf3's server", errno: ECONNREFUSED)
  }

  /// Runs a program in the guest's network namespace; returns what it said, throws where it failed.
  @discardableResult
  func run(_ words: String...) throws -> String { try device.namespace.run(words) }
}
