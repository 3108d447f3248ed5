import Linux
import Planning
import Quantities

extension Convergence {
  /// Reads the device's links, and the inside of every planned machine that runs.
  func observe(_ device: Device) throws -> Observation {
    let links = try device.readLinks()
    let names = Dictionary(links.map { ($0.index, $0.name) }, uniquingKeysWith: { first, _ in first })
    var observed = Observation(exists: true)
    for link in links {
      observed.links[link.name] = ObservedLink(
        index: Int32(bitPattern: link.index), kind: link.kind ?? "", group: link.group, mtu: link.mtu,
        isUp: link.isUp, master: link.masterIndex.flatMap { names[$0] },
        peerIndex: link.peerIndex.map(Int32.init(bitPattern:)), alias: link.alias)
    }
    if !device.isNew { observed.shapes = try observeShapes(device) }
    for slice in device.plan.slices {
      for machine in slice.machines {
        guard let pid = running[slice.number]?[machine.key] else { continue }
        observed.machines[slice.number, default: [:]][machine.key] = try observeMachine(
          pid, key: machine.key, infrastructure: slice.number)
      }
    }
    return observed
  }

  /// Nil where the machine has died since it was found: it is launched anew then.
  private func observeMachine(
    _ pid: Int32, key: String, infrastructure number: UInt32
  ) throws -> ObservedMachine? {
    do {
      let socket = try NetworkNamespace.open(process: pid).netlink()
      var machine = ObservedMachine(pid: pid)
      for link in try socket.links() {
        machine.sizes[Int32(bitPattern: link.index)] = link.mtu
        if link.isUp { machine.upInterfaces.insert(Int32(bitPattern: link.index)) }
      }
      for address in try socket.addresses() where address.isManaged {
        machine.addresses[Int32(bitPattern: address.linkIndex), default: []].insert(address.prefix)
      }
      for route in try socket.routes() where route.isManaged {
        guard let gateway = route.gateway else { continue }
        machine.routes.insert(RoutePlan(destination: route.destination, gateway: gateway))
      }
      machine.allowance = try machines.allowance(machine: key, infrastructure: number)
      return machine
    } catch let error as SystemError where error.isNotFound {
      return nil
    }
  }

  /// Links with an HTB of ours, by name.
  private func observeShapes(_ device: Device) throws -> [String: [UInt16: LinkClass]] {
    let names = Dictionary(device.indices.map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var shapes: [String: [UInt16: LinkClass]] = [:]
    for discipline in try device.socket.queueingDisciplines()
    where discipline.kind == "htb" && discipline.handle == 0x1_0000 {
      guard let name = names[discipline.linkIndex] else { continue }
      let classes = try device.socket.classes(of: discipline.linkIndex).map(\.share)
      shapes[name] = Dictionary(classes.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }
    return shapes
  }
}
