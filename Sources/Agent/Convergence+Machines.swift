import Dataplane
import Linux
import Machines
import Planning
import Quantities

extension Convergence {
  /// A port to make, and where.
  private struct PortJob {
    var device: Device
    var addition: Difference.PortAddition
  }

  /// Launches missing machines and cables each up while later ones still start.
  func launchMachines(_ differences: [Difference]) throws {
    var jobs: [UInt32: [String: [PortJob]]] = [:]
    var missing: [UInt32: [MachinePlan]] = [:]
    for (device, difference) in zip(devices, differences) {
      for port in difference.ports {
        jobs[port.infrastructure, default: [:]][port.machine, default: []].append(
          PortJob(device: device, addition: port))
      }
      for machine in difference.machines { missing[machine.infrastructure, default: []].append(machine.plan) }
    }
    try writeHostsFiles()
    for (number, machines) in missing.sorted(by: { $0.key < $1.key }) {
      try containing(number) { try launch(machines, of: number, jobs[number] ?? [:]) }
    }
    // Ports of machines that ran already: an interface that was added, or that the guest deleted.
    for (number, byMachine) in jobs.sorted(by: { $0.key < $1.key }) {
      let fresh = Set((missing[number] ?? []).map(\.key))
      try containing(number) {
        try cable(byMachine.filter { !fresh.contains($0.key) }.flatMap(\.value).map { $0 })
      }
    }
  }

  /// Pauses what shall be paused, and lets all else run.
  func freeze() {
    var seen: Set<UInt32> = []
    for slice in plans.flatMap(\.slices) where seen.insert(slice.number).inserted {
      do { try machines.setFrozen(infrastructure: slice.number, slice.isPaused) } catch {
        failures[slice.number] = failures[slice.number] ?? Problem(host: error)
      }
    }
  }

  /// Lets a failure be one infrastructure's own: it is noted, and the others go on.
  func containing(_ number: UInt32, _ body: () throws -> Void) throws {
    guard failures[number] == nil else { return }
    do {
      try body()
    } catch {
      failures[number] = Problem(host: error)
    }
  }

  /// Ports made in one batch: enough to save system calls, few enough that cabling overlaps with starting.
  private static var batchSize: Int { 32 }

  private func writeHostsFiles() throws {
    var seen: Set<UInt32> = []
    for slice in plans.flatMap(\.slices) where seen.insert(slice.number).inserted {
      try machines.writeHosts(infrastructure: slice.number, slice.hostsFile)
    }
  }

  private func launch(_ plans: [MachinePlan], of number: UInt32, _ jobs: [String: [PortJob]]) throws {
    progress(.begins(title: "starting machines", total: plans.count))
    let labels = Dictionary(plans.map { ($0.key, $0.label) }, uniquingKeysWith: { first, _ in first })
    var started: [PortJob] = []
    try machines.launch(plans.map(MachineSpec.init), infrastructure: number) { key, pid in
      running[number, default: [:]][key] = pid
      progress(.advances(labels[key] ?? key))
      FaultPoint.reach()
      started += jobs[key] ?? []
      if started.count >= Self.batchSize {
        try cable(started)
        started = []
      }
    }
    try cable(started)
  }

  /// Reserves an index for each port to be made: its rights stand in the tables before it exists, so that there is
  /// no moment at which a guest could send unguarded.
  func reservePorts(_ differences: [Difference]) {
    for (device, difference) in zip(devices, differences) {
      for port in difference.ports { _ = device.reserveIndex(for: port.plan.port) }
    }
  }

  /// Makes the ports of machines that run, a batch a device.
  private func cable(_ jobs: [PortJob]) throws {
    for device in devices {
      let own = jobs.filter { $0.device === device }
      guard !own.isEmpty else { continue }
      var batch = NetlinkBatch()
      var namespaces: [NetworkNamespace] = []
      for job in own {
        guard let pid = running[job.addition.infrastructure]?[job.addition.machine] else { continue }
        let namespace = try NetworkNamespace.open(process: pid)
        namespaces.append(namespace)
        try addPort(job.addition, into: namespace, on: device, &batch)
      }
      try withExtendedLifetime(namespaces) { try device.commit(batch) }
    }
  }

  /// The alias comes last: a port that bears it is whole, guard included.
  private func addPort(
    _ addition: Difference.PortAddition, into namespace: NetworkNamespace, on device: Device,
    _ batch: inout NetlinkBatch
  ) throws {
    let port = addition.plan
    let index = try device.index(of: port.port)
    try batch.createVeth(
      name: port.port, index: index, mtu: port.mtu, group: addition.infrastructure,
      master: try port.bridge.map { try device.index(of: $0) }, isUp: true,
      peer: VethPeer(
        name: port.interface, index: UInt32(bitPattern: addition.guestIndex), mac: port.mac, mtu: port.mtu,
        namespace: namespace.descriptor.rawValue))
    if let rate = port.rate { try batch.shape(index, to: rate) }
    try device.dataplane.attach(.guard, to: index, in: &batch)
    try batch.setLink(.index(index), alias: port.label)
  }

  /// Sets limits of running machines, raises interfaces, sets addresses and routes inside machines, a batch a machine.
  func configure(_ difference: Difference, on device: Device) throws {
    for machine in difference.allowances {
      try containing(machine.infrastructure) {
        try machines.adjust(MachineSpec(machine.plan), infrastructure: machine.infrastructure)
        device.changes += 1
      }
    }
    for change in difference.configurations {
      guard let pid = running[change.infrastructure]?[change.machine] else { continue }
      try containing(change.infrastructure) {
        let batch = try NetlinkBatch(change)
        try NetworkNamespace.open(process: pid).netlink().commit(batch)
        device.changes += batch.count
      }
      FaultPoint.reach()
    }
  }
}

extension NetlinkBatch {
  /// The requests that put a machine's inside right; removals first.
  init(_ change: Difference.Configuration) throws {
    self.init()
    for route in change.routesToRemove {
      try deleteRoute(to: route.destination, via: route.gateway, tolerating: .notFound)
    }
    for address in change.addressesToRemove {
      try deleteAddress(address.prefix, from: UInt32(bitPattern: address.index), tolerating: .notFound)
    }
    for (index, mtu) in change.sizes.sorted(by: { $0.key < $1.key }) {
      try setLink(.index(UInt32(bitPattern: index)), mtu: mtu)
    }
    for index in change.linksToRaise { try setLink(.index(UInt32(bitPattern: index)), isUp: true) }
    for address in change.addressesToAdd {
      try addAddress(address.prefix, to: UInt32(bitPattern: address.index), tolerating: .exists)
    }
    for route in change.routesToAdd {
      try addRoute(to: route.destination, via: route.gateway, tolerating: .exists)
    }
  }
}
