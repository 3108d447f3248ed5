import API
import Infrastructure
import Planning
import Quantities
import Testing

@testable import RemoteAgent

/// What holds of a host's plans when no controller is heard of.
@Suite struct KeptPlansTests {
  private let received = HostMoment(life: "one", boot: 1_000_000_000_000, wall: 5000)

  private func later(_ seconds: Double, life: String = "one", wall: Int64? = nil) -> HostMoment {
    HostMoment(
      life: life, boot: life == "one" ? received.boot + Int64(seconds * 1_000_000_000) : Int64(seconds * 1_000_000_000),
      wall: wall ?? received.wall + Int64(seconds))
  }

  /// The controller's clock is an hour ahead of the host's.
  private func kept(leases: [String: Int64] = [:], fences: [String: Int64] = [:]) throws -> KeptPlans {
    KeptPlans(
      document: PlansDocument(
        host: try Name(parsing: "h1"), generation: 7, plans: [], leaseEnds: leases, fences: fences, poll: 10,
        time: 8600),
      received: received)
  }

  @Test func aLeaseEndsByTheControllersClockCountedOn() throws {
    let kept = try kept(leases: ["3": 8610, "4": 8700])
    let contact = later(-40)
    #expect(kept.over(at: later(9.9), contact: contact) == [])
    #expect(kept.over(at: later(10), contact: contact) == [3])
    #expect(kept.over(at: later(100), contact: nil) == [3, 4])
    #expect(kept.nextEnd(at: later(4), contact: contact) == 6_000_000_000)
  }

  /// Its owner may have moved the end a moment ago: whoever is heard of ends leases itself.
  @Test func aControllerThatIsHeardOfEndsLeasesItself() throws {
    let kept = try kept(leases: ["3": 8610])
    #expect(kept.over(at: later(20), contact: later(0)) == [])
    #expect(kept.over(at: later(25), contact: later(0)) == [3])
    #expect(kept.nextEnd(at: later(20), contact: later(0)) == 5_000_000_000)
  }

  @Test func anEndThatWasObeyedIsNotTakenBack() throws {
    var kept = try kept(leases: ["3": 8610])
    let isEarly = kept.obeyLeases(at: later(9), contact: later(-40))
    let isOver = kept.obeyLeases(at: later(11), contact: later(-40))
    #expect(!isEarly && isOver)
    #expect(kept.over(at: later(12), contact: later(12)) == [3])
    #expect(kept.nextEnd(at: later(12), contact: later(12)) == nil)
    // Its owner moved it, and the controller says so.
    kept.document.leaseEnds["3"] = 9999
    #expect(kept.over(at: later(12), contact: later(12)) == [])
  }

  @Test func aSteppedWallClockDoesNotMatter() throws {
    let kept = try kept(leases: ["3": 8610])
    #expect(kept.over(at: later(5, wall: 999_999), contact: later(-40)) == [])
    #expect(kept.over(at: later(11, wall: 0), contact: later(-40)) == [3])
  }

  @Test func afterTheMachineWasStartedAnewTheWallClockHasToDo() throws {
    let kept = try kept(leases: ["3": 8610])
    #expect(kept.over(at: later(20, life: "two", wall: 8609), contact: nil) == [])
    #expect(kept.over(at: later(20, life: "two", wall: 8610), contact: nil) == [3])
  }

  @Test func aFenceCountsFromTheLastRequestThatWasAnswered() throws {
    let kept = try kept(fences: ["3": 30])
    #expect(kept.over(at: later(50), contact: later(20.5)) == [])
    #expect(kept.over(at: later(50.5), contact: later(20.5)) == [3])
    #expect(kept.nextEnd(at: later(40), contact: later(20)) == 10_000_000_000)
  }

  /// Who does not know how long the silence was must not start what may run elsewhere.
  @Test func aFenceHoldsWhereTheSilenceIsNotKnown() throws {
    let kept = try kept(fences: ["3": 30])
    #expect(kept.over(at: later(1), contact: nil) == [3])
    #expect(kept.over(at: later(1, life: "two"), contact: received) == [3])
  }

  @Test func whatIsOverLeavesThePlans() throws {
    var plan = HostPlan(device: try Name(parsing: "h1"), generation: 7, namespace: "vc-abc")
    plan.slices = try [3, 4].map {
      SlicePlan(infrastructure: try Name(parsing: "lab\($0)"), number: $0, networks: [], machines: [], hostsFile: "")
    }
    var kept = try kept()
    kept.document.plans = [plan]
    #expect(kept.plans(without: [3]).flatMap { $0.slices.map(\.number) } == [4])
  }

  @Test func absurdNumbersDoNotOverflow() throws {
    let kept = try kept(leases: ["3": .max, "4": .min, "no number": 1], fences: ["5": .max])
    #expect(kept.over(at: later(1), contact: later(-40)) == [4])
  }
}

/// Plans on their way to the kernel.
@Suite struct PlanReachTests {
  private func document(_ host: String, namespace: String, generation: UInt64 = 3) throws -> PlansDocument {
    var plan = HostPlan(device: try Name(parsing: "h1"), generation: 3, namespace: namespace)
    plan.cables = [CablePlan(near: "a", far: "b", farNamespace: "vcqqqqq-far", label: "cable", mtu: 1500)]
    return PlansDocument(host: try Name(parsing: host), generation: generation, plans: [plan], poll: 1, time: 0)
  }

  private let realm = Realm(stateDirectory: "/somewhere")

  @Test func namespacesBearTheAgentsMark() throws {
    let plans = try PlanReach.localised(document("h1", namespace: "vc-0abc"), for: Name(parsing: "h1"), realm).plans
    #expect(plans?.map(\.namespace) == [realm.namespacePrefix + "0abc"])
    #expect(plans?.flatMap { $0.cables.map(\.farNamespace) } == [realm.namespacePrefix + "far"])
  }

  @Test(arguments: ["eth0", "vc-", "vc-../../etc", "vc-a-b", "vc-A", "vcx"])
  func otherNamesAreRefused(_ name: String) throws {
    let problem = #expect(throws: Problem.self) {
      _ = try PlanReach.localised(document("h1", namespace: name), for: Name(parsing: "h1"), realm)
    }
    #expect(problem?.code == "plans-unusable")
  }

  @Test func plansOfAnotherHostOrGenerationAreRefused() throws {
    for wrong in [try document("h2", namespace: "vc-a"), try document("h1", namespace: "vc-a", generation: 4)] {
      #expect(throws: Problem.self) { _ = try PlanReach.localised(wrong, for: Name(parsing: "h1"), realm) }
    }
  }
}

@Suite struct BackoffTests {
  @Test func pausesGrowAndStayWithinTheirBounds() {
    var backoff = Backoff()
    var longest = 0
    for attempt in 0..<40 {
      let pause = backoff.next(longest: 30)
      #expect((250...30_000).contains(pause), "attempt \(attempt): \(pause)")
      longest = max(longest, pause)
    }
    #expect(longest >= 15_000)
    backoff.reset()
    #expect(backoff.next(longest: 30) <= 500)
  }

  @Test func fingerprintsAreReadAsPeopleWriteThem() throws {
    let plain = String(repeating: "0a", count: 32)
    let colons = (0..<32).map { _ in "0A" }.joined(separator: ":")
    for text in [plain, colons, "SHA256:" + colons] { #expect(try HostCertificate.fingerprint(parsing: text) == plain) }
    for text in ["", "0a", plain + "0", String(repeating: "0g", count: 32)] {
      #expect(throws: Problem.self) { _ = try HostCertificate.fingerprint(parsing: text) }
    }
  }
}
