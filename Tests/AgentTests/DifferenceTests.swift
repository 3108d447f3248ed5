import Infrastructure
import Machines
import Planning
import Quantities
import Testing

@testable import Agent

/// What an apply would do, as a pure function of plan and observation.
@Suite struct DifferenceTests {
  private let mac = MACAddress(rawValue: 0x0256_0001_0000)

  private func port(_ name: String = "p1") throws -> PortPlan {
    PortPlan(
      port: name, interface: "eth0", network: 1, bridge: "br1", mac: mac, mtu: 1500,
      addresses: [try IPPrefix(parsing: "10.1.0.1/24")], guarding: PortGuard(level: .mac), label: "lab/a:eth0")
  }

  private func plan(ports: [PortPlan]? = nil, routes: [RoutePlan] = []) throws -> HostPlan {
    let machine = MachinePlan(
      name: try Name(parsing: "a"), label: "lab/a", key: "key", isRouter: false, image: .host,
      cpu: Cores(thousandths: 1000), memory: ByteCount(bytes: 1 << 27), ports: try ports ?? [port()], routes: routes)
    let network = NetworkPlan(label: "lab/lan", number: 1, bridge: "br1", mtu: 1500, trunk: nil)
    let slice = SlicePlan(
      infrastructure: try Name(parsing: "lab"), number: 1, networks: [network], machines: [machine], hostsFile: "")
    return HostPlan(device: try Name(parsing: "host"), generation: 1, namespace: "vc-x", slices: [slice])
  }

  /// The state in which `plan()` is fulfilled.
  private func fulfilled() throws -> Observation {
    var observed = Observation(exists: true)
    observed.links["br1"] = ObservedLink(
      index: 2, kind: "bridge", group: 1, mtu: 1500, isUp: true, alias: "lab/lan")
    observed.links["p1"] = ObservedLink(
      index: 3, kind: "veth", group: 1, mtu: 1500, isUp: true, master: "br1", peerIndex: 2, alias: "lab/a:eth0")
    observed.machines[1] = [
      "key": ObservedMachine(pid: 7, addresses: [2: [try IPPrefix(parsing: "10.1.0.1/24")]], upInterfaces: [1, 2])
    ]
    return observed
  }

  @Test func nothingIsThere() throws {
    let difference = Difference(plan: try plan(), observed: Observation())
    #expect(difference.createsNamespace)
    #expect(difference.bridges.map(\.plan.bridge) == ["br1"])
    #expect(difference.machines.map(\.plan.key) == ["key"])
    #expect(difference.ports.map(\.guestIndex) == [2])
    #expect(difference.configurations.map(\.addressesToAdd.count) == [1])
    #expect(difference.removedLinks.isEmpty && difference.removedGroups.isEmpty)
  }

  @Test func aFulfilledPlanNeedsNothing() throws {
    #expect(Difference(plan: try plan(), observed: try fulfilled()).isEmpty)
  }

  @Test func driftIsPutRight() throws {
    var observed = try fulfilled()
    observed.links["p1"]?.mtu = 1400
    observed.links["p1"]?.master = nil
    observed.links["br1"]?.isUp = false
    let difference = Difference(plan: try plan(), observed: observed)
    #expect(difference.adjustments.count == 2)
    #expect(difference.adjustments.first { $0.index == 3 }?.master == "br1")
    #expect(difference.adjustments.first { $0.index == 3 }?.mtu == 1500)
    #expect(difference.adjustments.first { $0.index == 2 }?.bringUp == true)
    #expect(difference.ports.isEmpty && difference.bridges.isEmpty)
  }

  /// A machine that runs gets other limits where it is; one whose limits nobody knows is left alone.
  @Test func limitsAreChangedWhereTheyDiffer() throws {
    var observed = try fulfilled()
    let planned = try #require(try plan().slices.first?.machines.first)
    observed.machines[1]?["key"]?.allowance = MachineAllowance(cpu: planned.cpu, memory: planned.memory)
    #expect(Difference(plan: try plan(), observed: observed).isEmpty)
    observed.machines[1]?["key"]?.allowance.memory?.bytes += 1 << 20
    let difference = Difference(plan: try plan(), observed: observed)
    #expect(difference.allowances.map(\.plan.key) == ["key"] && difference.machines.isEmpty)
  }

  /// A link gets its alias last: one without it is what a crash left half-made.
  @Test func aLinkWithoutItsAliasIsMadeAnew() throws {
    var observed = try fulfilled()
    observed.links["p1"]?.alias = nil
    let difference = Difference(plan: try plan(), observed: observed)
    #expect(difference.removedLinks == ["p1"])
    #expect(difference.ports.map(\.plan.port) == ["p1"])
    #expect(difference.configurations.first?.linksToRaise == [2])
  }

  @Test func aDeadMachinesPortIsMadeAnew() throws {
    var observed = try fulfilled()
    observed.machines = [:]
    let difference = Difference(plan: try plan(), observed: observed)
    #expect(difference.machines.count == 1)
    #expect(difference.removedLinks == ["p1"])
    #expect(difference.ports.count == 1)
    #expect(difference.configurations.first?.addressesToAdd.count == 1)
  }

  @Test func anAddressThatChangedIsReplacedAndRoutesFollow() throws {
    let route = RoutePlan(
      destination: try IPPrefix(parsing: "0.0.0.0/0"), gateway: try IPAddress(parsing: "10.1.0.254"))
    var observed = try fulfilled()
    let old = try IPPrefix(parsing: "10.1.0.9/24")
    observed.machines[1]?["key"]?.addresses[2] = [old]
    observed.machines[1]?["key"]?.routes = [route]
    let change = try #require(
      Difference(plan: try plan(routes: [route]), observed: observed).configurations.first)
    #expect(change.addressesToRemove.map(\.prefix) == [old])
    #expect(change.addressesToAdd.map(\.prefix) == [try IPPrefix(parsing: "10.1.0.1/24")])
    // Removing an address takes the routes over it along.
    #expect(change.routesToAdd.count == 1)
  }

  @Test func whatNoPlanNamesGoesAsAGroup() throws {
    var observed = try fulfilled()
    for index in 10..<20 {
      observed.links["x\(index)"] = ObservedLink(index: Int32(index), kind: "veth", group: 9, mtu: 1500, isUp: true)
    }
    observed.links["y"] = ObservedLink(index: 30, kind: "veth", group: 1, mtu: 1500, isUp: true)
    observed.links["foreign"] = ObservedLink(index: 31, kind: "veth", group: 0, mtu: 1500, isUp: true)
    let difference = Difference(plan: try plan(), observed: observed)
    #expect(difference.removedGroups == [9])
    #expect(difference.removedLinks == ["y"])
  }
}
