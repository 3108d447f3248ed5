import Machines
import Planning
import Quantities

/// One router while it is changed: what is to be done, and the record of what was.
final class RouterChange {
  let device: Device
  let plan: MachinePlan
  let infrastructure: UInt32
  let difference: RouterDifference
  /// Nil where only static routes are wanted.
  let program: RoutingProgram?
  private(set) var record: RouterRecord
  /// A step failed: the later ones are left out.
  var hasFailed = false
  private let pid: Int32
  private let driver: MachineDriver

  init(
    device: Device, plan: MachinePlan, infrastructure: UInt32, pid: Int32, difference: RouterDifference,
    record: RouterRecord, driver: MachineDriver
  ) {
    self.device = device
    self.plan = plan
    self.infrastructure = infrastructure
    self.pid = pid
    self.difference = difference
    self.record = record
    self.driver = driver
    program = plan.software.flatMap { RoutingProgram($0.routing) }
  }

  /// Starts a program in the router.
  func begin(_ command: RouterCommand) throws -> MachineProgram {
    try driver.begin(
      machine: plan.key, infrastructure: infrastructure, process: pid, hostname: plan.name.description,
      arguments: command.arguments, input: command.input, environment: ["PATH": RoutingProgram.searchPath])
  }

  /// Runs a program in the router to its end.
  func run(_ command: RouterCommand) throws -> MachineAnswer { try begin(command).finish() }

  /// Ends programs and waits until they are gone.
  func end(_ names: Set<String>) throws {
    try driver.end(programs: names, machine: plan.key, infrastructure: infrastructure)
  }

  /// Keeps in mind that a thing now is as it was asked for; nil is that it is gone.
  func note(_ key: String, _ mark: String?) {
    record.marks[key] = mark
    device.changes += 1
  }

  /// Keeps in mind which routing programs are ours.
  func note(started names: some Sequence<String>) { record.programs.formUnion(names) }
  func note(ended names: Set<String>) { record.programs.subtract(names) }

  /// What a program did not take.
  func refusal(_ code: String, _ program: String, _ what: String, _ answer: MachineAnswer) -> Problem {
    if answer.status == 127 { return missing(program) }
    return Problem(
      .failed, code, "Router \(plan.label): \(program) \(what): \(RouterWords.excerpt(answer)).",
      remedy: "Correct the file and run the command again; all else runs, and the router goes on with what it had.")
  }

  /// What the router's root file system lacks.
  func missing(_ program: String) -> Problem {
    Problem(
      .failed, "router-software-missing", "Router \(plan.label) has no \(program) in its root file system.",
      remedy: "Install it where the image is made from; for 'image: host', on this machine.")
  }
}

/// A program to run in a router, as root of it.
struct RouterCommand: Hashable {
  /// Its name, and what it gets; no shell reads them.
  var arguments: [String]
  /// Its standard input.
  var input = ""

  /// A fixed script for sh(1), whose arguments are `$1` and so on.
  static func script(_ text: String, _ arguments: [String] = [], input: String = "") -> RouterCommand {
    RouterCommand(arguments: ["sh", "-c", text, "sh"] + arguments, input: input)
  }
}
