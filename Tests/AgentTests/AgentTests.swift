import Linux
import Planning
import Quantities
import TestSupport
import Testing

@testable import Agent

/// The agent on the kernel, with devices that hold nothing.
@Suite(KernelTest.requireRoot, .serialized) struct AgentTests {
  private let realm = Realm(stateDirectory: KernelTest.uniqueName("/test/"))

  private func plan(generation: UInt64) throws -> HostPlan {
    HostPlan(
      device: try Name(parsing: "host"), generation: generation, namespace: realm.namespacePrefix + "host")
  }

  private func withAgent(_ body: (Agent) throws -> Void) throws {
    let agent = try Agent(realm: realm, runDirectory: "/tmp")
    defer { _ = try? NetworkNamespace.delete(named: realm.namespacePrefix + "host") }
    try body(agent)
    _ = try agent.apply([])
    #expect(try NetworkNamespace.names(prefix: realm.namespacePrefix).isEmpty)
  }

  @Test func aSecondApplyChangesNothing() throws {
    try withAgent { agent in
      _ = try agent.apply([plan(generation: 1)])
      let again = try agent.apply([plan(generation: 2)])
      #expect(again.reports.map(\.changes) == [0])
    }
  }

  @Test func anOlderPlanIsRefused() throws {
    try withAgent { agent in
      _ = try agent.apply([plan(generation: 5)])
      let problem = #expect(throws: Problem.self) { _ = try agent.apply([plan(generation: 4)]) }
      #expect(problem?.code == "stale-plan")
      _ = try agent.apply([plan(generation: 5)])
    }
  }

  /// Whatever a plan names, an agent keeps to its own.
  @Test func aBrokenPlanChangesNothing() throws {
    try withAgent { agent in
      var (foreign, broken) = (try plan(generation: 1), try plan(generation: 1))
      foreign.namespace = "somebody-elses"
      broken.slices = [
        SlicePlan(infrastructure: try Name(parsing: "lab"), number: 0, networks: [], machines: [], hostsFile: "")
      ]
      for plans in [[foreign], [broken], [try plan(generation: 1), try plan(generation: 1)]] {
        let problem = #expect(throws: Problem.self) { _ = try agent.apply(plans) }
        #expect(problem?.code == "broken-plan")
        #expect(try agent.namespaces().isEmpty)
      }
    }
  }

  /// A namespace with a name like ours but without the mark is somebody else's.
  @Test func anUnmarkedNamespaceIsNotOurs() throws {
    let name = realm.namespacePrefix + "foreign"
    _ = try NetworkNamespace.create(named: name)
    defer { _ = try? NetworkNamespace.delete(named: name) }
    let agent = try Agent(realm: realm, runDirectory: "/tmp")
    _ = try agent.apply([])
    #expect(try NetworkNamespace.names(prefix: name) == [name])
    #expect(try agent.namespaces().isEmpty)
  }

  /// What a crash between making the file and naming the namespace leaves.
  @Test func aFileWithoutANamespaceIsTakenOver() throws {
    try withAgent { agent in
      let path = NetworkNamespace.folder + "/" + realm.namespacePrefix + "host"
      _ = try Descriptor(opening: path, 0o100)
      _ = try agent.apply([plan(generation: 1)])
      #expect(try agent.namespaces().count == 1)
    }
  }
}
