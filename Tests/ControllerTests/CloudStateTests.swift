import Embedding
import Infrastructure
import Planning
import Quantities
import Store
import Testing

@testable import Agent
@testable import Controller

/// Admission and life cycle on values: no kernel, no files.
@Suite struct CloudStateTests {
  private let embedder = SearchEmbedder()
  private let planner = Planner(realm: Realm(stateDirectory: "/test"))

  private func substrate(vlans: String = "100-101", cpu: UInt64 = 4000) throws -> Substrate {
    let sites = try ["brno", "prague"].map { Site(name: try Name(parsing: $0), vlans: try VLANSet(parsing: vlans)) }
    let hosts = sites.map { site in
      Host(
        name: Name("\(site.name)-1") ?? site.name, site: site.name, kind: .emulated, cpu: Cores(thousandths: cpu),
        memory: ByteCount(bytes: 4 << 30))
    }
    return Substrate(
      name: try Name(parsing: "grid"), sites: sites, hosts: hosts,
      links: [CoreLink(ends: Pair(sites[0].name, sites[1].name))])
  }

  /// Two machines, one at each site, on a segment.
  private func request(_ name: String, cpu: UInt64 = 1000, lease: Duration? = nil) throws -> VirtualInfrastructure {
    let nodes = try [("a", "brno"), ("b", "prague")].map { node, site in
      Node(
        name: try Name(parsing: node), cpu: Cores(thousandths: cpu), memory: ByteCount(bytes: 1 << 27),
        site: try Name(parsing: site))
    }
    let endpoints = nodes.map { Endpoint(node: $0.name, interface: "eth0") }
    return VirtualInfrastructure(
      name: try Name(parsing: name), lease: Lease(duration: lease), nodes: nodes,
      networks: [Network(name: try Name(parsing: "lan"), kind: .segment, endpoints: endpoints)])
  }

  private func admit(_ request: VirtualInfrastructure, _ state: inout CloudState) throws -> Proposal {
    let proposal = try Controller.propose(request, &state, embedder, planner)
    state.records[request.name] = InfrastructureRecord(
      admission: proposal.admission,
      standing: .init(phase: .building, owner: 0, created: 0, ends: nil, cause: nil))
    return proposal
  }

  private func grid(_ substrate: Substrate) -> CloudState {
    var state = CloudState(empty: substrate)
    state.applied = substrate
    return state
  }

  @Test func theSameRequestIsUnchanged() throws {
    var state = grid(try substrate())
    #expect(try admit(request("lab"), &state).change == .new)
    let before = state
    #expect(try Controller.propose(request("lab"), &state, embedder, planner).change == .unchanged)
    #expect(state == before)
  }

  @Test func twoOwnersNeverShareAVLAN() throws {
    var state = grid(try substrate())
    let first = try admit(request("one"), &state).admission
    let second = try admit(request("two"), &state).admission
    for (network, sites) in first.vlans {
      for (site, vlan) in sites { #expect(second.vlans[network]?[site] != vlan) }
    }
    let problem = #expect(throws: Problem.self) { _ = try admit(request("three"), &state) }
    #expect(problem?.kind == .refused)
    #expect(problem?.code == "vlans-exhausted")
  }

  /// A VLAN that was released is not given away before the devices have confirmed.
  @Test func releasedVLANsWaitForTheApply() throws {
    var state = grid(try substrate(vlans: "100"))
    _ = try admit(request("one"), &state)
    state.end(try Name(parsing: "one"), because: "test", planner)
    #expect(state.pool.rows.allSatisfy { $0.state == .quarantined })
    #expect(throws: Problem.self) { _ = try admit(request("two"), &state) }
    state.note(Agent.Outcome(reports: [], failures: [:]), of: [])
    #expect(state.pool.rows.isEmpty)
    #expect(state.records.isEmpty)
    _ = try admit(request("two"), &state)
  }

  @Test func roomIsCountedOverAllInfrastructures() throws {
    var state = grid(try substrate(cpu: 1500))
    _ = try admit(request("one"), &state)
    let problem = #expect(throws: Problem.self) { _ = try admit(request("two"), &state) }
    #expect(problem?.message.contains("brno") == true || problem?.message.contains("node a") == true)
  }

  @Test func aLeaseEndsAtItsSecond() throws {
    var state = grid(try substrate())
    var record = InfrastructureRecord(
      admission: try admit(request("lab"), &state).admission,
      standing: .init(phase: .running, owner: 0, created: 0, ends: 100, cause: nil))
    #expect(record.isWanted(at: 99))
    #expect(!record.isWanted(at: 100))
    record.standing.phase = .ending
    #expect(!record.isWanted(at: 1))
  }

  @Test func stateSurvivesTheStore() throws {
    let folder = "/tmp/virtcloud-controller-tests-\(UInt64.random(in: 0...(.max)))"
    defer { removeFolder(folder) }
    let store = try SQLiteStore(path: folder + "/state.db")
    var state = grid(try substrate())
    _ = try admit(request("lab", lease: .seconds(3600)), &state)
    state.generation = 7
    let empty = CloudState(empty: try substrate())
    try store.transaction { try state.write(to: $0, since: empty) }
    #expect(try store.read { try CloudState(from: $0, defaultSubstrate: try substrate()) } == state)
  }
}
