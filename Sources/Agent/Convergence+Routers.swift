import Linux
import Machines
import Planning
import Quantities

extension Convergence {
  /// Routers in which something is to be done, in the order of the plans.
  func routersToChange() throws -> [RouterChange] {
    var changes: [RouterChange] = []
    var notes: [UInt32: [String: String]] = [:]
    for device in devices {
      for slice in device.plan.slices where failures[slice.number] == nil {
        for machine in slice.machines where machine.isRouter {
          if notes[slice.number] == nil { notes[slice.number] = try machines.notes(infrastructure: slice.number) }
          guard let pid = running[slice.number]?[machine.key] else { continue }
          let note = notes[slice.number]?[machine.key]
          guard note != nil || machine.software != nil else { continue }
          contained(machine, of: slice.number) {
            let life = try machines.life(of: pid)
            let record = note.flatMap { RouterRecord($0, life: life) } ?? RouterRecord(life: life)
            let difference = try difference(machine, record, pid: pid, infrastructure: slice.number)
            guard !difference.isEmpty else { return }
            changes.append(
              RouterChange(
                device: device, plan: machine, infrastructure: slice.number, pid: pid, difference: difference,
                record: record, driver: machines))
          }
        }
      }
    }
    return changes
  }

  /// Compares what is wanted with what was noted and with what the kernel shows.
  private func difference(
    _ machine: MachinePlan, _ record: RouterRecord, pid: Int32, infrastructure number: UInt32
  ) throws -> RouterDifference {
    let programs = try machines.programs(machine: machine.key, infrastructure: number)
    var kinds = Dictionary(machine.ports.map { ($0.interface, "") }, uniquingKeysWith: { first, _ in first })
    if machine.software?.qdiscs.isEmpty == false {
      let names = Dictionary(
        uniqueKeysWithValues: machine.ports.enumerated().map {
          (UInt32(bitPattern: Int32($0.offset) + PortPlan.firstGuestIndex), $0.element.interface)
        })
      // TC_H_ROOT of linux/pkt_sched.h.
      for qdisc in try NetworkNamespace.open(process: pid).netlink().queueingDisciplines()
      where qdisc.parent == 0xffff_ffff {
        if let name = names[qdisc.linkIndex] { kinds[name] = qdisc.kind }
      }
    }
    return RouterDifference(machine.software, record, programs: Set(programs.keys), kinds: kinds)
  }

  /// Lets a failure be one router's own: it is told, and all else goes on.
  private func contained(_ machine: MachinePlan, of number: UInt32, _ body: () throws -> Void) {
    do {
      try body()
    } catch let error as SystemError {
      warnings[number, default: []].append(.routerFailed(machine.label, "\(error)"))
    } catch {
      warnings[number, default: []].append(Problem(host: error))
    }
  }

  /// The same for a step after which the others of its kind make no sense.
  private func stepping(_ router: RouterChange, _ body: () throws -> Void) {
    contained(router.plan, of: router.infrastructure) {
      do {
        try body()
      } catch {
        router.hasFailed = true
        throw error
      }
    }
  }

  /// Programs that run at once: a router's software may be slow, and many routers need not wait for each other.
  private static var crowd: Int { 32 }

  /// Takes one step in all routers that have got so far: starts the command in each, then waits for each.
  private func together(
    _ routers: [RouterChange], _ command: (RouterChange) -> RouterCommand?,
    _ finish: (RouterChange, MachineAnswer) throws -> Void
  ) {
    var rest = routers[...]
    while !rest.isEmpty {
      let some = rest.prefix(Self.crowd)
      rest = rest.dropFirst(some.count)
      var programs: [(RouterChange, MachineProgram)] = []
      for router in some where !router.hasFailed {
        guard let command = command(router) else { continue }
        stepping(router) { programs.append((router, try router.begin(command))) }
      }
      for (router, program) in programs { stepping(router) { try finish(router, program.finish()) } }
      FaultPoint.reach()
    }
  }

  /// Sets rulesets and queueing disciplines.
  func filter(_ routers: [RouterChange]) {
    together(routers, \.rulesetCommand) { try $0.finishRuleset($1) }
    for router in routers {
      for interface in router.difference.qdiscs + router.difference.removedQdiscs {
        contained(router.plan, of: router.infrastructure) { try router.setQdisc(of: interface) }
      }
      // A ruleset that was refused is no reason not to route.
      router.hasFailed = false
    }
  }

  /// Starts, changes or ends the routing software.
  func route(_ routers: [RouterChange]) {
    together(routers, \.placeCommand) { try $0.finishPlace($1) }
    for router in routers where !router.hasFailed { stepping(router) { try router.endOthers() } }
    together(routers, \.startCommand) { try $0.finishStart($1) }
    together(routers, \.loadCommand) { try $0.finishLoad($1) }
    for router in routers where !router.hasFailed { router.finishRouting() }
  }

  /// Notes what was done; machines that are gone are forgotten.
  func noteRouters(_ routers: [RouterChange]) throws {
    for (number, changed) in Dictionary(grouping: routers, by: \.infrastructure) {
      let before = try machines.notes(infrastructure: number)
      var after = before.filter { running[number]?[$0.key] != nil }
      for router in changed { after[router.plan.key] = router.record.text }
      if after != before { try machines.setNotes(after, infrastructure: number) }
    }
  }
}

extension Problem {
  /// Something at a router failed that is no answer of its software.
  static func routerFailed(_ label: String, _ what: String) -> Problem {
    Problem(
      .failed, "router-failed", "Router \(label) could not be set up: \(what).",
      remedy: "Run the command again; the rest of the infrastructure runs.")
  }
}
