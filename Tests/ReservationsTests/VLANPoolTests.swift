import Foundation
import Infrastructure
import Quantities
import Reservations
import Testing

func name(_ text: String) -> Name {
  guard let name = Name(text) else { preconditionFailure("\(text) is no name") }
  return name
}

func vlan(_ number: UInt16) -> VLANID {
  guard let vlan = VLANID(number) else { preconditionFailure("\(number) is no VLAN") }
  return vlan
}

func vlans(_ numbers: some Sequence<UInt16>) -> VLANSet { VLANSet(numbers.map(vlan)) }

func owner(_ number: UInt32, _ network: String = "lan") -> NetworkOwner {
  NetworkOwner(infrastructure: name("lab"), network: name(network), number: number)
}

@Suite struct VLANPoolTests {
  let brno = name("brno")
  let prague = name("prague")
  var pool: VLANPool

  init() {
    pool = VLANPool(allowed: [brno: vlans(100...103), prague: vlans(102...105)])
  }

  @Test mutating func theLowestThatIsFreeEverywhere() throws {
    #expect(try pool.allocate(for: owner(1), sites: [brno, prague]) == [brno: vlan(102), prague: vlan(102)])
    #expect(try pool.allocate(for: owner(2), sites: [brno]) == [brno: vlan(100)])
    #expect(try pool.allocate(for: owner(3), sites: [brno, prague]) == [brno: vlan(103), prague: vlan(103)])
  }

  @Test mutating func withoutACommonOneEachSiteHasItsOwn() throws {
    _ = try pool.allocate(for: owner(1), sites: [brno, prague])
    _ = try pool.allocate(for: owner(2), sites: [brno, prague])
    #expect(try pool.allocate(for: owner(3), sites: [brno, prague]) == [brno: vlan(100), prague: vlan(104)])
  }

  @Test mutating func asSecondAllocationChangesNothingAndAThirdSiteIsAdded() throws {
    let first = try pool.allocate(for: owner(1), sites: [prague])
    #expect(first == [prague: vlan(102)])
    let before = pool
    #expect(try pool.allocate(for: owner(1), sites: [prague]) == first)
    #expect(pool == before)
    #expect(try pool.allocate(for: owner(1), sites: [brno, prague]) == [brno: vlan(102), prague: vlan(102)])
  }

  @Test mutating func quarantineLastsUntilEveryDeviceHasConfirmed() throws {
    _ = try pool.allocate(for: owner(1), sites: [brno, prague])
    pool.release(owner(1), awaiting: ["vc-a", "vc-b"])
    #expect(pool.rows.map(\.state) == [.quarantined, .quarantined])
    #expect(try pool.allocate(for: owner(2), sites: [brno, prague])[brno] == vlan(103))
    pool.confirm("vc-a", of: owner(1))
    #expect(pool.owners(awaiting: "vc-b") == [owner(1)])
    pool.confirm("vc-x", of: owner(1))
    #expect(pool.rows.filter { $0.owner == owner(1) }.allSatisfy { $0.awaiting == ["vc-b"] })
    pool.confirmAll("vc-b")
    #expect(pool.owners == [owner(2)])
    #expect(try pool.allocate(for: owner(3), sites: [brno, prague])[brno] == vlan(102))
  }

  @Test mutating func releaseAtOneSiteKeepsTheOthers() throws {
    _ = try pool.allocate(for: owner(1), sites: [brno, prague])
    pool.release(owner(1), at: [brno], awaiting: ["vc-a"])
    #expect(pool.vlans(of: owner(1)) == [prague: vlan(102)])
    // The same owner comes back before the removal is confirmed: 102 is not reused even by it.
    #expect(try pool.allocate(for: owner(1), sites: [brno, prague])[brno] == vlan(100))
  }

  @Test mutating func exhaustionNamesTheSiteAndTheCounts() throws {
    for number in 1...3 { _ = try pool.allocate(for: owner(UInt32(number)), sites: [brno]) }
    pool.release(owner(1), awaiting: ["vc-a"])
    _ = try pool.allocate(for: owner(4), sites: [brno])
    let before = pool
    let problem = #expect(throws: Problem.self) { try pool.allocate(for: owner(5), sites: [prague, brno]) }
    #expect(
      problem?.message
        == "site brno has no free VLAN for lab/lan: of 4 allowed, 3 are held and 1 wait for their removal")
    #expect(problem?.kind == .refused)
    #expect(pool == before)
  }

  @Test mutating func anUnknownSiteIsNotFound() {
    let problem = #expect(throws: Problem.self) { try pool.allocate(for: owner(5), sites: [name("olomouc")]) }
    #expect(problem?.kind == .notFound)
  }

  @Test mutating func changingTheAllowedSetKeepsHolders() throws {
    _ = try pool.allocate(for: owner(1), sites: [brno])
    pool.setAllowed([brno: vlans(200...201), prague: vlans(100...103)])
    #expect(pool.rows.first?.isAllowed == false)
    #expect(pool.vlans(of: owner(1)) == [brno: vlan(100)])
    #expect(try pool.allocate(for: owner(2), sites: [brno]) == [brno: vlan(200)])
    pool.setAllowed([brno: vlans(100...101)])
    #expect(try pool.allocate(for: owner(3), sites: [brno]) == [brno: vlan(101)])
  }

  /// The time is printed, not asserted.
  @Test func fiveHundredNetworksLiveAndGo() throws {
    let sites = ["a", "b", "c"].map(name)
    var pool = VLANPool(allowed: Dictionary(uniqueKeysWithValues: sites.map { ($0, vlans(1...4094)) }))
    let spent = try ContinuousClock().measure {
      for number in 1...500 { try pool.allocate(for: owner(UInt32(number)), sites: sites) }
      for number in 1...500 { pool.release(owner(UInt32(number)), awaiting: ["vc-a", "vc-b"]) }
      for device in ["vc-a", "vc-b"] { pool.confirmAll(device) }
    }
    print("500 networks at 3 sites allocated, released, confirmed: \(spent)")
    #expect(pool.rows.isEmpty)
  }

  @Test mutating func thePoolSurvivesItsStore() throws {
    _ = try pool.allocate(for: owner(1), sites: [brno, prague])
    _ = try pool.allocate(for: owner(2, "wan"), sites: [brno])
    pool.release(owner(1), awaiting: ["vc-b", "vc-a"])
    let data = try JSONEncoder().encode(pool)
    var copy = try JSONDecoder().decode(VLANPool.self, from: data)
    #expect(copy == pool)
    #expect(try copy.allocate(for: owner(3), sites: [brno]) == pool.allocate(for: owner(3), sites: [brno]))
  }
}
