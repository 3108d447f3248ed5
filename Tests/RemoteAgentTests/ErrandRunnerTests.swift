import API
import Controller
import Planning
import Quantities
import Testing
import WebClient

@testable import RemoteAgent

/// What an agent does not do, whoever asks for it.
@Suite struct ErrandRunnerTests {
  private func runner(_ plans: [HostPlan] = []) throws -> ErrandRunner {
    let work = HostWork()
    work.become(plans)
    let circle = try ControllerCircle(["https://127.0.0.1:1"], ClientTLS())
    let requests = AgentRequests(host: try Name(parsing: "h1"), version: "test")
    return ErrandRunner(
      installation: try Installation(stateDirectory: "/var/tmp/vca-no-such-agent"), work: work,
      terminals: HostTerminals(circle, requests))
  }

  private func errand(
    number: UInt32 = 1, machine: String = "none", columns: Int = 80, rows: Int = 24, command: [String] = ["/bin/sh"]
  ) -> Errand {
    Errand(
      id: "one", .terminal, number: number,
      terminal: TerminalErrand(machine: machine, columns: columns, rows: rows, command: command))
  }

  @Test func whatIsNotHereIsNotTouched() throws {
    let documents = try TestPlans(hosts: ["h1", "h2"])
    let given = try documents.documents([documents.admission(number: 1, hosts: ["h1", "h2"])], generation: 3)
    let runner = try runner(given[0].plans ?? [])
    #expect(runner.run(Errand(id: "one", .counters, number: 2)).problem?.code == "not-here")
    #expect(runner.run(errand(number: 2)).problem?.code == "not-here")
    #expect(runner.run(errand(machine: "../../../x")).problem?.code == "not-here")
    // The other host's machine.
    let foreign = given[1].plans?.first?.slices.first?.machines.first?.key ?? ""
    #expect(!foreign.isEmpty && runner.run(errand(machine: foreign)).problem?.code == "not-here")
  }

  @Test func whatCannotBeDoneIsRefusedByName() throws {
    let runner = try runner()
    var unknown = Errand(id: "one", .counters, number: 1)
    unknown.kind = "reboot"
    #expect(runner.run(unknown).problem?.code == "errand-unknown")
    for bad in [
      errand(columns: 0), errand(columns: 1001), errand(rows: -1), errand(rows: .max), errand(command: []),
      errand(command: [""]), errand(command: ["a\0b"]), errand(command: Array(repeating: "x", count: 257)),
      errand(command: [String(repeating: "x", count: 65537)]), Errand(id: "one", .terminal, number: 1),
    ] {
      #expect(runner.run(bad).problem?.code == "errand-unusable", "\(bad)")
    }
  }

  @Test func namesAreOnesThatAPathCanHold() {
    for good in ["a", "0", String(repeating: "z", count: 64)] { #expect(Errand.isID(good)) }
    for bad in ["", "../x", "A", "a b", "a/b", "é", "a\n", String(repeating: "z", count: 65)] {
      #expect(!Errand.isID(bad), "\(bad)")
    }
  }
}
