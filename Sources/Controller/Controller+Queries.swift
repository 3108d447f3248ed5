import Agent
import Glibc
import Infrastructure
import Linux
import Machines
import Planning
import Quantities

/// An infrastructure as `list` and `show` tell it.
public struct InfrastructureView: Sendable {
  public var record: InfrastructureRecord
  public var rows: [NodeRow]
  /// Process ids of the nodes' inits; a node that is missing does not run.
  public var running: [Name: Int32]
  /// Seconds until the lease ends; nil is until somebody ends it.
  public var remaining: Int64?
  /// Why it is in its phase, where there is something to say.
  public var cause: String?
  /// What single routers did not take of their users' settings when it was built; all else of it runs.
  public var problems: [Problem] = []

  /// A node's state: `running`, `stopped`, or `reserved` before its lease begins.
  public func state(of node: Name) -> String {
    if record.standing.phase == .reserved { return "reserved" }
    return running[node] == nil ? "stopped" : "running"
  }
}

extension Controller {
  /// All infrastructures in the order of their creation.
  public func list() throws -> [InfrastructureView] {
    let state = try state()
    let running = try machineDriver().running()
    return try state.sorted.map { try view(of: $0.name, state, running) }
  }

  /// One infrastructure; throws `.notFound` with the nearest name.
  public func show(_ name: String) throws -> InfrastructureView {
    let state = try state()
    guard let record = Name(name).flatMap({ state.records[$0] }) else {
      let known = state.records.keys.sorted().map(\.description).joined(separator: ", ")
      throw Problem(
        .notFound, "no-such-infrastructure", "There is no infrastructure '\(name)'.",
        remedy: known.isEmpty ? "Nothing is up; 'virtcloud up -t FILE' changes that." : "These are up: \(known).")
    }
    return try view(of: record.name, state, try machineDriver().running())
  }

  private func machineDriver() throws -> MachineDriver {
    try MachineDriver(cgroupFolder: installation.realm.cgroupFolder, runFolder: installation.runDirectory)
  }

  func view(
    of name: Name, _ state: CloudState, _ running: [UInt32: [String: Int32]]
  ) throws -> InfrastructureView {
    guard let record = state.records[name] else {
      throw Problem(
        .failed, "ended-meanwhile", "Infrastructure \(name) ended while it was looked at.",
        remedy: "Run 'virtcloud list'.")
    }
    let here = running[record.admission.number] ?? [:]
    let pids = record.admission.infrastructure.nodes.compactMap { node -> (Name, Int32)? in
      here[record.admission.machineKey(of: node)].map { (node.name, $0) }
    }
    return InfrastructureView(
      record: record,
      rows: try NodeRow.rows(of: record.admission, on: state.substrate),
      running: Dictionary(pids, uniquingKeysWith: { first, _ in first }),
      remaining: record.standing.ends.map { max(0, $0 - now().seconds) }, cause: record.standing.cause)
  }

  /// Runs a command in a node and returns its exit status (128 and the signal where one ended it).
  public func exec(
    _ name: String, node: String, arguments: [String]
  ) throws -> Int32 {
    let view = try show(name)
    guard let found = view.record.admission.infrastructure.nodes.first(where: { $0.name.description == node })
    else {
      let known = view.record.admission.infrastructure.nodes.map(\.name.description).joined(separator: ", ")
      throw Problem(
        .notFound, "no-such-node", "Infrastructure \(name) has no node '\(node)'.", remedy: "Its nodes are: \(known).")
    }
    guard view.record.standing.phase != .reserved else {
      throw Problem(
        .failed, "not-begun", "\(name) is reserved and begins at \(view.record.interval.lowerBound).",
        remedy: "Wait until then: it begins by itself.")
    }
    guard let pid = view.running[found.name] else {
      throw Problem(
        .failed, "node-not-running", "Node \(node) of \(name) is not running.",
        remedy: "Run 'virtcloud up' with its file again: it starts what has stopped.")
    }
    return try machineDriver().exec(
      machine: view.record.admission.machineKey(of: found), infrastructure: view.record.admission.number, process: pid,
      hostname: node, arguments: arguments, terminal: isatty(0) == 1 && isatty(1) == 1)
  }

  /// Counter-offers that are held, by number.
  public func offers() throws -> [HeldOffer] {
    let time = now()
    return try state().offers.values.filter { time < $0.expires }.sorted { $0.number < $1.number }
  }
}
