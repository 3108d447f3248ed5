import Glibc
import Testing

extension TestInstallation {
  /// Where the installation's service listens.
  var socketPath: String { runFolder + "/control.socket" }

  /// With this a command starts no service by itself.
  static let withoutAutostart = ["VIRTCLOUD_AUTOSTART": "0"]

  /// The process id of the service, where one lives.
  func service() throws -> pid_t? {
    try processes().first { try TemporaryFolder.read("/proc/\($0)/cmdline").contains("\0serve\0") }
  }

  /// Starts the service as a child of the test, and waits until it answers, or has ended before.
  func serve(environment: [String: String] = [:]) throws -> CommandRun.Running {
    let running = try start(["serve", "--local", "--state", state], environment: environment)
    // A socket that an earlier one left may be there before; what it says comes after it listens.
    try Wait.until(seconds: 20) { try running.error.contains("serving") || running.hasEnded() }
    return running
  }

  /// Ends the service as nothing in the world could prevent, and waits until it is gone.
  func killService() throws {
    guard let process = try service() else { return }
    kill(process, SIGKILL)
    try Wait.until(seconds: 5) { try service() != process }
  }

  /// Runs a command against a service that dies at its first, second … step, until one comes to its end; looks after
  /// each death.
  func atEveryStep(
    _ arguments: (Int) throws -> [String], input: String = "", _ look: (Int) throws -> Void
  ) throws {
    for step in 1...300 {
      let words = try arguments(step)
      try succeed("stop")
      let service = try serve(environment: ["VIRTCLOUD_FAULT": "\(step)"])
      let run = try run(words, input: input, environment: Self.withoutAutostart)
      if run.status == 0 {
        service.signal(SIGTERM)
        _ = try service.wait()
        #expect(step > 5, "a debug build has fault points")
        return
      }
      let end = try service.wait()
      try #require(end.status == 128 + SIGKILL, "step \(step): \(end.status) \(end.error) \(run.error)")
      #expect(
        run.status == 1 && (run.error.contains("controller-lost") || run.error.contains("no-controller")),
        "step \(step): \(run.status) \(run.error)")
      try look(step)
    }
    Issue.record("more than 300 steps")
  }
}
