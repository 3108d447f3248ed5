import Glibc
import Linux
import Testing

/// The test plays the service manager; a child process is the service, as the protocols go by environment variables.
@Suite struct ServiceManagerTests {
  @Test(arguments: [false, true])
  func theManagerHearsWhatTheServiceSays(isAbstract: Bool) throws {
    let manager = try PlayedManager(isAbstract: isAbstract)
    let run = try manager.start([
      "ready:2 sites\nREADY=0", "reloading", "ready:again", "3 agents", "alive", "stopping",
    ])
    #expect(run == PlayedManager.Answer(status: 0, output: ""))
    var messages = try manager.messages()
    #expect(messages.count == 6)
    // The time is the service's own; the rest is the protocol, word for word.
    let reloading = try #require(messages.count == 6 ? messages.remove(at: 1) : nil).split(separator: "\n")
    #expect(reloading.first == "RELOADING=1" && reloading.count == 2)
    let time = try #require(reloading.last?.split(separator: "=").last.flatMap { UInt64($0) })
    #expect(time > 0 && time <= Clock.monotonic / 1000)
    #expect(
      messages == [
        "READY=1\nSTATUS=2 sites READY=0\n", "READY=1\nSTATUS=again\n", "STATUS=3 agents\n", "WATCHDOG=1\n",
        "STOPPING=1\n",
      ])
  }

  @Test func withoutAManagerNothingIsSaidAndNothingFails() throws {
    let run = try PlayedManager.run(["ready:yes", "reloading", "alive", "stopping", "listeners", "watchdog"], [:])
    #expect(run == PlayedManager.Answer(status: 0, output: "then 0, LISTEN_FDS unset\nwatchdog none\n"))
  }

  @Test func aManagerThatIsGoneIsAnError() throws {
    let run = try PlayedManager.run(["ready:yes"], ["NOTIFY_SOCKET": "/nowhere/notify"])
    #expect(run.status == 1 && run.output.contains("notify the service manager"))
  }

  @Test func theWatchdogIsTheManagersIfItMeansThisProcess() throws {
    let usual = try PlayedManager.run(["watchdog"], ["WATCHDOG_USEC": "30000000"])
    #expect(usual.output == "watchdog 30.0 seconds\n")
    let other = try PlayedManager.run(["watchdog"], ["WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"])
    #expect(other.output == "watchdog none\n")
    let wrong = try PlayedManager.run(["watchdog"], ["WATCHDOG_USEC": "soon"])
    #expect(wrong.status == 1 && wrong.output.contains("WATCHDOG_USEC"))
  }

  @Test func socketsArePassedWithTheirNames() throws {
    let sockets = [try PlayedManager.listener(AF_INET), try PlayedManager.listener(AF_UNIX)]
    defer { sockets.forEach { close($0) } }
    let run = try PlayedManager.run(["listeners"], ["LISTEN_FDNAMES": "https:local"], sockets: sockets)
    #expect(
      run
        == PlayedManager.Answer(
          status: 0, output: "3 https remote cloexec\n4 local local cloexec\nthen 0, LISTEN_FDS unset\n"))
    let unnamed = try PlayedManager.run(["listeners"], [:], sockets: [sockets[1]])
    #expect(unnamed.output.hasPrefix("3 unknown local cloexec\n"))
  }

  @Test func socketsOfAnotherProcessAreLeftAlone() throws {
    let socket = try PlayedManager.listener(AF_UNIX)
    defer { close(socket) }
    let run = try PlayedManager.run(["listeners"], ["LISTEN_FDS": "1", "LISTEN_PID": "1"])
    #expect(run.output == "then 0, LISTEN_FDS unset\n")
  }

  @Test func whatDoesNotListenIsRefused() throws {
    let plain = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    defer { close(plain) }
    let run = try PlayedManager.run(["listeners"], ["LISTEN_FDNAMES": "plain"], sockets: [plain])
    #expect(run.status == 1 && run.output.contains("socket 'plain'") && run.output.contains("not a listening"))
  }
}
