import Dataplane
import Linux
import Machines
import Planning
import Quantities

/// One apply: observe, difference, change, report. The steps are in the order in which they run.
final class Convergence {
  let plans: [HostPlan]
  let realm: Realm
  let machines: MachineDriver
  let progress: (Agent.Step) -> Void
  var devices: [Device] = []
  /// Process ids of running machines' inits by infrastructure and machine key.
  var running: [UInt32: [String: Int32]] = [:]
  /// Infrastructures that failed; their remaining steps are skipped.
  var failures: [UInt32: Problem] = [:]
  /// What single routers did not take of their users' settings; the rest of the infrastructure goes on.
  var warnings: [UInt32: [Problem]] = [:]

  init(
    plans: [HostPlan], realm: Realm, machines: MachineDriver, progress: @escaping (Agent.Step) -> Void
  ) {
    self.plans = plans
    self.realm = realm
    self.machines = machines
    self.progress = progress
  }

  func run(_ beforeTurning: () throws -> Void) throws -> Agent.Outcome {
    running = try machines.running()
    let strays = takeStrayMachines(groups: try machines.infrastructures())
    try removeStrayTrunks()
    try removeStrayDevices(ofTunnels: false)
    try openDevices()
    try layCables()
    try layTrunks()
    let differences = try devices.map { device in
      let difference = Difference(plan: device.plan, observed: try observe(device))
      try remove(difference, from: device)
      try makeNetworks(difference, on: device)
      try shape(difference, on: device)
      return difference
    }
    for device in devices { try layTunnels(of: device) }
    reservePorts(differences)
    try setTables(.admit)
    try beforeTurning()
    try setTables(.turn)
    try launchMachines(differences)
    // Between the machines' start and that of their interfaces: a packet filter stands before there are packets.
    let routers = try routersToChange()
    filter(routers)
    for (device, difference) in zip(devices, differences) { try configure(difference, on: device) }
    for device in devices { try device.awaitCarriers() }
    freeze()
    try setTables(.forget)
    for (device, difference) in zip(devices, differences) {
      try unshape(difference, on: device)
      try removeOldTunnels(difference, from: device)
    }
    try removeStrayDevices(ofTunnels: true)
    try end(strays)
    route(routers)
    try noteRouters(routers)
    if plans.allSatisfy(\.slices.isEmpty) { try machines.removeEmptyFolders() }
    return Agent.Outcome(reports: devices.map(report), running: running, failures: failures, warnings: warnings)
  }

  /// What the device looks like by what was planned and done; failed infrastructures are not confirmed.
  private func report(_ device: Device) -> HostReport {
    let slices = device.plan.slices.filter { failures[$0.number] == nil }
    let vlans = device.plan.slices.flatMap { $0.networks.flatMap { $0.ways.compactMap(\.tag.vlan) } }
    let switched = device.plan.domains.flatMap { $0.members.map(\.vlan) }
    return HostReport(
      device: device.plan.device, generation: device.plan.generation, vlans: Set(vlans + switched),
      machines: slices.flatMap { $0.machines.map(\.label) }, changes: device.changes)
  }
}
