import Infrastructure
import Planning
import Quantities
import Testing

@Suite struct CarriageTests {
  /// A wire between two sites, or on one host where `apart` is false.
  private func lab(_ type: WireType, rate: RateRange = RateRange(), apart: Bool = true) -> VirtualInfrastructure {
    VirtualInfrastructure(
      name: name("x"), nodes: [node("a", site: "brno"), node("b", site: apart ? "pilsen" : "brno")],
      networks: [
        Network(
          name: name("w"), kind: .wire, endpoints: [endpoint("a"), endpoint("b")], rate: rate, type: type)
      ])
  }

  private func substrate(_ core: CoreKind) -> Substrate {
    var substrate = metacenter()
    substrate.core = core
    return substrate
  }

  private func ways(_ plans: [HostPlan]) -> [WayPlan] { plans.flatMap(\.slices).flatMap(\.networks).flatMap(\.ways) }

  @Test func theShortestThatCanBeHadIsChosen() throws {
    // On one host: port to port, whatever the type.
    for type in WireType.allCases {
      var request = lab(type, apart: false)
      request.nodes[0].host = name("brno-1")
      request.nodes[1].host = name("brno-1")
      let ports = try plans([request], on: metacenter()).flatMap(\.slices).flatMap(\.machines).flatMap(\.ports)
      #expect(ports.count == 2 && ports[0].peer == ports[1].port && ports[1].peer == ports[0].port)
      #expect(ports.allSatisfy { $0.bridge == nil })
    }
    let trunk = try ways(plans([lab(.auto)], on: substrate(.trunk)))
    #expect(trunk.count == 2 && trunk.allSatisfy { $0.tag.vlan != nil })
    let wrapped = try ways(plans([lab(.encapsulating)], on: substrate(.trunk)))
    #expect(wrapped.count == 2 && wrapped.allSatisfy { $0.tag.vlan == nil })
    #expect(try ways(plans([lab(.auto)], on: substrate(.vxlan))).allSatisfy { $0.tag.vlan == nil })
  }

  @Test func aTypeThatTheCoreCannotCarryIsRefused() {
    let problem = #expect(throws: Problem.self) { try plans([lab(.native)], on: substrate(.vxlan)) }
    #expect(problem?.kind == .refused && problem?.code == "wire-type-unavailable")
  }

  @Test func anEncryptedWireHasANamespaceAtEitherEndAndRoomForItsEnvelope() throws {
    let made = try plans([lab(.tunnelling)], on: metacenter())
    let tunnels = made.flatMap(\.tunnels)
    #expect(tunnels.count == 2 && tunnels.filter(\.isInitiator).count == 1)
    #expect(tunnels[0].local.address == tunnels[1].remote.address && tunnels.allSatisfy { $0.mtu == 1350 })
    #expect(Set(made.compactMap(\.tunnelNamespace)) == Set(made.filter { !$0.tunnels.isEmpty }.map(\.namespace)))
    // What carries it has an identifier that no other network can have.
    #expect(tunnels.allSatisfy { $0.carrier == $0.network | 1 << 23 })
  }

  @Test func everyLimitedLinkHasAClassForWhoCrossesIt() throws {
    let range = RateRange(minimum: mbit(50), maximum: mbit(80))
    let made = try plans([lab(.native, rate: range)], on: metacenter())
    let classes = made.flatMap(\.shapers).flatMap(\.classes)
    // Two uplinks and two core links, both ends of each.
    #expect(classes.count == 8 && classes.allSatisfy { $0.minimum == mbit(50) && $0.maximum == mbit(80) })
    #expect(Set(classes.map(\.id)).count == 1 && classes.allSatisfy { $0.id >= ClassPlan.firstID })
    for way in ways(made) { #expect(way.classID == classes[0].id) }
  }

  @Test func aTraceFollowsAFrameAndSaysWhyItEnds() throws {
    let made = try plans([lab(.encapsulating)], on: metacenter())
    let ports = made.flatMap(\.slices).flatMap(\.machines).flatMap(\.ports)
    let frame = TracedFrame(source: ports[0].mac, destination: ports[1].mac)
    let trace = try Trace(frame, from: name("x"), node: "a", interface: "eth0", through: made)
    #expect(trace.steps.last?.what == "arrives" && trace.steps.last?.place == "x/b:eth0")
    #expect(trace.steps.filter { $0.what.hasPrefix("switched") }.count == 3)
    var tagged = frame
    tagged.tag = 7
    let stopped = try Trace(tagged, from: name("x"), node: "a", interface: "eth0", through: made)
    #expect(stopped.steps.map(\.dropped) == ["guest-tagged"])
    #expect(throws: Problem.self) {
      try Trace(frame, from: name("x"), node: "z", interface: "eth0", through: made)
    }
  }
}
