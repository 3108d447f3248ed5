import Linux
import Machines
import Planning

extension Agent {
  /// What bears this installation's marks and that none of `plans` names, in words.
  public func leftovers(beside plans: [HostPlan]) throws -> [String] {
    let planned = Set(plans.map(\.namespace))
    var found = try namespaces().filter { !planned.contains($0) }.map { "network namespace \($0)" }
    let trunks = Set(plans.filter { $0.trunk != nil }.map { realm.trunkInterface(of: $0.namespace) })
    found += try NetworkNamespace.current().netlink().links().filter {
      ($0.alias ?? "").hasPrefix(realm.trunkMarkPrefix) && !trunks.contains($0.name)
    }.map { "interface \($0.name)" }
    let slices = Set(plans.flatMap { $0.slices.map(\.number) })
    found += try machines.infrastructures().filter { !slices.contains($0) }.map {
      "control groups of infrastructure \($0)"
    }
    let convergence = Convergence(plans: plans, realm: realm, machines: machines, progress: { _ in })
    convergence.running = try machines.running()
    found += convergence.takeStrayMachines().compactMap { stray in
      stray.key.map { "machine \($0) of infrastructure \(stray.infrastructure)" }
    }
    return found
  }
}
