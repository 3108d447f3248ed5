import Machines
import Quantities

/// Routing software: its configuration is checked and put into place, what is not wanted any more ends, what is
/// missing starts, and the configuration is handed over. Each is nil where there is nothing to do.
extension RouterChange {
  var placeCommand: RouterCommand? {
    guard let program, difference.configures else { return nil }
    return .script(program.place, input: program.configuration)
  }

  func finishPlace(_ answer: MachineAnswer) throws {
    guard let program, answer.status != 0 else { return }
    switch answer.status {
    case RoutingProgram.refused: throw refused(program, answer)
    case RoutingProgram.missing: throw missing(program.name)
    default: throw Problem.routerFailed(plan.label, RouterWords.excerpt(answer))
    }
  }

  /// What was chosen earlier ends only when what takes its place has accepted its configuration.
  func endOthers() throws {
    guard !difference.ends.isEmpty else { return }
    try end(difference.ends)
    note(ended: difference.ends)
    note("routing", nil)
  }

  var startCommand: RouterCommand? {
    guard let program, !difference.starts.isEmpty else { return nil }
    return .script(program.start, difference.starts)
  }

  func finishStart(_ answer: MachineAnswer) throws {
    // Noted even so: what has started has to end one day.
    note(started: difference.starts)
    guard let program, answer.status != 0 else { return }
    throw Problem.routerFailed(plan.label, "\(program.name) does not start: \(RouterWords.excerpt(answer))")
  }

  /// True where nothing of the software ran before.
  private var isFresh: Bool { difference.starts == plan.software?.programs }

  var loadCommand: RouterCommand? {
    guard let program, difference.configures else { return nil }
    return (isFresh ? program.load : program.reload).map { .script($0) }
  }

  func finishLoad(_ answer: MachineAnswer) throws {
    guard let program, answer.status != 0 else { return }
    guard !isFresh, answer.status == RoutingProgram.missing else { throw refused(program, answer) }
    let names = plan.software?.programs ?? []
    try end(Set(names))
    try finishStart(run(.script(program.start, names)))
    guard let load = program.load else { return }
    let loaded = try run(.script(load))
    if loaded.status != 0 { throw refused(program, loaded) }
  }

  /// All went well. Those that a crash kept from being noted are ours, too.
  func finishRouting() {
    guard let software = plan.software, difference.configures else { return }
    note(started: software.programs)
    note("routing", software.marks["routing"])
  }

  private func refused(_ program: RoutingProgram, _ answer: MachineAnswer) -> Problem {
    refusal("router-config-refused", program.name, "refuses its configuration", answer)
  }
}
