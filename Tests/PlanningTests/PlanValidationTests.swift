import Foundation
import Planning
import Quantities
import Testing

/// Plans that a planner never makes: an agent must not obey them, nor fall over them.
@Suite struct PlanValidationTests {
  private func hosts() throws -> [HostPlan] {
    try plans([mpiLab()], on: metacenter()).filter { !$0.slices.isEmpty && !$0.slices[0].machines.isEmpty }
  }

  /// The same plan with one value changed, wherever it stands.
  private func refuses(
    _ place: Comment, location: SourceLocation = #_sourceLocation, _ change: (inout HostPlan) throws -> Void
  ) throws {
    var plan = try #require(try hosts().first)
    try plan.validate()
    try change(&plan)
    let problem = #expect(throws: Problem.self, place, sourceLocation: location) { try plan.validate() }
    #expect(problem?.code == "broken-plan", place, sourceLocation: location)
  }

  @Test func whatAPlannerMakesPasses() throws {
    for plan in try plans([mpiLab()], on: metacenter()) { try plan.validate() }
  }

  @Test(arguments: [
    "", "lo", ".", "..", "a/b", "a:b", "a b", "eth%d", "sixteen-letters-", "a\u{0}", "a\n", "ä",
  ])
  func namesOfInterfaces(name: String) throws {
    try refuses("port") { $0.slices[0].machines[0].ports[0].port = name }
    try refuses("guest") { $0.slices[0].machines[0].ports[0].interface = name }
    try refuses("bridge") { $0.slices[0].networks[0].bridge = name }
    try refuses("shaper") { $0.shapers.append(ShaperPlan(interface: name, rate: nil, classes: [])) }
    try refuses("trunk") { $0.trunk = TrunkLinkPlan(interface: name, vlans: "7", mtu: 1500) }
    try refuses("cable") {
      $0.cables.append(CablePlan(near: name, far: "b", farNamespace: "vc-b", label: "l", mtu: 1500))
    }
  }

  @Test(arguments: ["", "..", "../etc", "a/b", "a b", "A", "a\u{0}", String(repeating: "a", count: 65)])
  func stepsOfPaths(name: String) throws {
    try refuses("namespace") { $0.namespace = name }
    try refuses("tunnels") { $0.tunnelNamespace = name }
    try refuses("key") { $0.slices[0].machines[0].key = name }
    try refuses("far end") {
      $0.cables.append(CablePlan(near: "a", far: "b", farNamespace: name, label: "l", mtu: 1500))
    }
  }

  @Test(arguments: ["", "relative", "/a/../../etc", "/a\u{0}b", "/" + String(repeating: "a", count: 4096)])
  func pathsOfImages(path: String) throws {
    try refuses("directory") { $0.slices[0].machines[0].image = .directory(path) }
    try refuses("archive") { $0.slices[0].machines[0].image = .archive(path) }
  }

  @Test func numbersOutOfBounds() throws {
    for number: UInt32 in [0, 32768, .max] { try refuses("slice") { $0.slices[0].number = number } }
    for number: UInt32 in [0, 1 << 24, .max] { try refuses("network") { $0.slices[0].networks[0].number = number } }
    for mtu in [Int.min, -1, 0, 67, 65536, .max] {
      try refuses("mtu") { $0.slices[0].machines[0].ports[0].mtu = mtu }
    }
    for count in [Int.min, -1, .max] {
      try refuses("stations") { $0.slices[0].machines[0].ports[0].guarding.stations = count }
      try refuses("storm") { $0.slices[0].machines[0].ports[0].guarding.storm = count }
    }
    try refuses("loss") { $0.slices[0].machines[0].ports[0].impairment.loss = 1_000_001 }
    for delay: Duration in [.seconds(-1), .seconds(121), Duration(attoseconds: .max), Duration(attoseconds: .min)] {
      try refuses("delay") { $0.slices[0].machines[0].ports[0].impairment.delay = delay }
      try refuses("jitter") { $0.slices[0].machines[0].ports[0].impairment.jitter = delay }
    }
    for id: UInt16 in [0, 1, 15, 65535] {
      let share = ClassPlan(id: id, network: 1, minimum: nil, maximum: nil, quantum: 1514)
      try refuses("class") { $0.shapers = [ShaperPlan(interface: "uplink", rate: nil, classes: [share])] }
    }
    try refuses("hosts file") { $0.slices[0].hostsFile = "a\u{0}" }
  }

  @Test func whatIsThereTwice() throws {
    try refuses("slice") { $0.slices.append($0.slices[0]) }
    try refuses("network") { $0.slices[0].networks.append($0.slices[0].networks[0]) }
    try refuses("machine") { $0.slices[0].machines.append($0.slices[0].machines[0]) }
    try refuses("port") { $0.slices[0].machines[0].ports.append($0.slices[0].machines[0].ports[0]) }
    try refuses("class") {
      let share = ClassPlan(id: 16, network: 1, minimum: nil, maximum: nil, quantum: 1514)
      $0.shapers = [ShaperPlan(interface: "uplink", rate: nil, classes: [share, share])]
    }
  }
}
