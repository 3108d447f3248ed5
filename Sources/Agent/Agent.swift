import Glibc
import Linux
import Machines
import Planning
import Quantities

/// Makes this machine's devices look as their plans say, and nothing else.
///
/// One call at a time on one machine: the caller holds the installation's lock.
public struct Agent: Sendable {
  let realm: Realm
  let machines: MachineDriver

  /// An agent for the installation whose marks are `realm`'s; `runDirectory` holds what a reboot may lose.
  public init(realm: Realm, runDirectory: String) throws {
    self.realm = realm
    machines = try MachineDriver(cgroupFolder: realm.cgroupFolder, runFolder: runDirectory)
  }

  init(realm: Realm, machines: MachineDriver) {
    self.realm = realm
    self.machines = machines
  }

  /// What an apply says while it works; `total` counts machines.
  public enum Step: Hashable, Sendable {
    case begins(title: String, total: Int?)
    case advances(String)
  }

  /// What came of an apply: a report a device, and what failed of single infrastructures, by number.
  public struct Outcome: Sendable {
    public var reports: [HostReport]
    /// Process ids of running machines' inits by infrastructure and machine key.
    public var running: [UInt32: [String: Int32]] = [:]
    public var failures: [UInt32: Problem]
    /// What single routers did not take of their users' settings, by infrastructure: all else of it runs.
    public var warnings: [UInt32: [Problem]] = [:]

    public init(
      reports: [HostReport] = [], running: [UInt32: [String: Int32]] = [:], failures: [UInt32: Problem] = [:],
      warnings: [UInt32: [Problem]] = [:]
    ) {
      (self.reports, self.running, self.failures, self.warnings) = (reports, running, failures, warnings)
    }
  }

  /// Brings every device of this machine to its plan: devices that no plan names are removed.
  ///
  /// Applying the same plans again changes nothing. What fails for one infrastructure does not keep the
  /// others from being applied; what fails for a device as a whole is thrown, and a plan that is broken
  /// (`HostPlan.validate`) is, too, before anything is changed.
  ///
  /// - Parameter beforeTurning: Called when every new way is let in and no frame has turned to it yet.
  public func apply(
    _ plans: [HostPlan], progress: @escaping (Step) -> Void = { _ in }, beforeTurning: () throws -> Void = {}
  ) throws -> Outcome {
    try check(plans)
    do {
      return try Convergence(plans: plans, realm: realm, machines: machines, progress: progress).run(beforeTurning)
    } catch {
      throw Problem(host: error)
    }
  }

  /// Each is sound, names only namespaces that are called as ours are, and none that another has.
  private func check(_ plans: [HostPlan]) throws(Problem) {
    var namespaces: Set<String> = []
    for plan in plans {
      try plan.validate()
      let named = [plan.namespace, plan.tunnelNamespace].compactMap(\.self) + plan.cables.map(\.farNamespace)
      guard named.allSatisfy({ $0.hasPrefix(realm.namespacePrefix) }), namespaces.insert(plan.namespace).inserted else {
        throw Problem(
          .invalid, "broken-plan", "The plan of device \(plan.device) is not obeyed: its namespace is not its own.",
          remedy: "Look at the controller that made it: its version, its substrate file, and its store.")
      }
    }
  }

  /// Names of this installation's namespaces, found by name and by the mark in each.
  public func namespaces() throws -> [String] {
    try NetworkNamespace.names(prefix: realm.namespacePrefix).filter { try isOurs($0) }.sorted()
  }

  /// The highest generation of plans that the marks in the kernel tell of; 0 where there are none.
  public func lastGeneration() throws -> UInt64 {
    try NetworkNamespace.names(prefix: realm.namespacePrefix).map { name in
      do {
        let links = try NetworkNamespace.open(named: name).netlink().links()
        return links.first { $0.name == "lo" }?.alias.flatMap(realm.generation) ?? 0
      } catch let error as SystemError where error.isNotFound || error.errno == EINVAL {
        return 0
      }
    }.max() ?? 0
  }

  /// True where the namespace bears this installation's mark: a name alone could be anybody's.
  func isOurs(_ name: String) throws -> Bool {
    do {
      let links = try NetworkNamespace.open(named: name).netlink().links()
      return links.contains { $0.name == "lo" && ($0.alias ?? "").hasPrefix(realm.deviceMarkPrefix) }
    } catch let error as SystemError where error.isNotFound || error.errno == EINVAL {
      // A file without a namespace on it: what a crash between creating the file and mounting leaves.
      return true
    }
  }
}
