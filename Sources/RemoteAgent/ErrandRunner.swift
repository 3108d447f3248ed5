import API
import Agent
import Controller
import Glibc
import Machines
import Planning
import Quantities
import WebClient

/// Does what a controller wants at once, if it concerns what its plans have put on this host: a controller is believed in
/// what shall run here, and in nothing beyond.
struct ErrandRunner: Sendable {
  let installation: Installation
  let work: HostWork
  let terminals: HostTerminals

  /// What came of an errand; never throws, for somebody waits for an answer.
  func run(_ errand: Errand) -> ErrandAnswer {
    do {
      switch Errand.Kind(rawValue: errand.kind) {
      case .counters: return ErrandAnswer(readings: try readings(of: errand.number))
      case .terminal:
        try open(errand)
        return ErrandAnswer()
      case nil:
        throw Problem(
          .refused, "errand-unknown", "The agent does not know how to do '\(errand.kind.excerpt)'.",
          remedy: "Install the same version of VirtCloud on controllers and hosts.")
      }
    } catch { return ErrandAnswer(problem: ConnectionProblem.plain(error, HostMoment(life: "", boot: 0, wall: 0))) }
  }

  private func readings(of number: UInt32) throws -> [DeviceReading] {
    let parts = try work.parts(of: number)
    let agent = try Agent(realm: installation.realm, runDirectory: installation.runDirectory)
    let readings = Dictionary(
      try agent.read(parts.map(\.plan)).map { ($0.device, $0) }, uniquingKeysWith: { first, _ in first })
    return parts.compactMap { plan, slice in readings[plan.device]?.only(slice) }
  }

  private func open(_ errand: Errand) throws {
    guard let wish = errand.terminal else { throw Self.unusable("it does not say where") }
    try Self.check(wish)
    let machines = try work.parts(of: errand.number).flatMap(\.slice.machines)
    guard let machine = machines.first(where: { $0.key == wish.machine }) else {
      throw Problem(
        .refused, "not-here",
        "Machine '\(wish.machine.excerpt)' is not one of infrastructure number \(errand.number) here.",
        remedy: "Wait until the host has done what the controller planned.")
    }
    let driver = try MachineDriver(
      cgroupFolder: installation.realm.cgroupFolder, runFolder: installation.runDirectory)
    guard let process = try driver.running(infrastructure: errand.number)[machine.key] else {
      throw Problem(
        .failed, "node-not-running", "Node \(machine.name) is not running.",
        remedy: "Wait until it runs, or start it anew: 'virtcloud retry'.")
    }
    try terminals.open(errand.id) {
      try driver.openTerminal(
        machine: machine.key, infrastructure: errand.number, process: process, hostname: "\(machine.name)",
        arguments: wish.command, columns: UInt16(wish.columns), rows: UInt16(wish.rows))
    }
  }

  /// Throws `errand-unusable` where no program could be run so.
  static func check(_ wish: TerminalErrand) throws(Problem) {
    guard (1...1000).contains(wish.columns), (1...1000).contains(wish.rows) else {
      throw unusable("a terminal cannot have \(wish.columns) columns and \(wish.rows) rows")
    }
    guard (1...256).contains(wish.command.count), wish.command.first?.isEmpty == false,
      wish.command.allSatisfy({ !$0.utf8.contains(0) && $0.utf8.count <= 65536 })
    else { throw unusable("its command is none that could be run") }
  }

  static func unusable(_ what: String) -> Problem {
    Problem(
      .invalid, "errand-unusable", "The controller's errand is not done: \(what).",
      remedy: "Run controllers and agents of the same version.")
  }
}
