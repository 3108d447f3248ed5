import Algorithms
import Foundation
import Quantities
import Reservations
import Testing

/// Random lives of networks against a plain model: who is on which device's wire, by what was confirmed.
@Suite struct VLANPoolPropertyTests {
  static let seeds: [UInt64] =
    ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) }.map { [$0] } ?? Array(0..<40)

  let sites = ["a", "b", "c"].map(name)
  let devices = ["vc-1", "vc-2", "vc-3"]

  /// What a device still carries: VLAN of a site and its owner. A clash here is two owners on one VLAN.
  private struct Carried: Hashable {
    var site: Name
    var vlan: VLANID
    var device: String
  }

  @Test(arguments: seeds) func neverTwoOwnersAndNeverReuseBeforeConfirmation(seed: UInt64) throws {
    var random = SeededGenerator(state: seed)
    var pool = VLANPool(allowed: allowed(&random))
    var carried: [Carried: NetworkOwner] = [:]
    var held: Set<NetworkOwner> = []
    var released: Set<NetworkOwner> = []
    var next: UInt32 = 0
    for step in 0..<400 {
      switch Int.random(in: 0..<10, using: &random) {
      case 0...3:
        next += 1
        let who = owner(next)
        let wanted = sites.filter { _ in Bool.random(using: &random) }
        let before = pool
        guard let given = try? pool.allocate(for: who, sites: wanted) else {
          #expect(pool == before, "seed \(seed) step \(step)")
          continue
        }
        #expect(Set(given.keys) == Set(wanted), "seed \(seed) step \(step)")
        if !given.isEmpty { held.insert(who) }
        for (site, vlan) in given {
          #expect(pool.allowed[site]?.members.contains(vlan) == true, "seed \(seed) step \(step)")
          for device in devices {
            let old = carried.updateValue(who, forKey: Carried(site: site, vlan: vlan, device: device))
            #expect(
              old == nil,
              "seed \(seed) step \(step): \(site) \(vlan) was still on \(device) for \(String(describing: old))")
          }
        }
      case 4...5:
        guard let who = held.sorted().randomElement(using: &random) else { continue }
        held.remove(who)
        released.insert(who)
        pool.release(who, awaiting: Set(devices))
      case 6...8:
        guard let who = released.sorted().randomElement(using: &random),
          let device = devices.randomElement(using: &random)
        else { continue }
        carried = carried.filter { $0.value != who || $0.key.device != device }
        pool.confirm(device, of: who)
      default:
        if Bool.random(using: &random) { pool.setAllowed(allowed(&random)) }
        pool = try JSONDecoder().decode(VLANPool.self, from: JSONEncoder().encode(pool))
      }
      check(pool, carried, "seed \(seed) step \(step)")
    }
  }

  private func check(_ pool: VLANPool, _ carried: [Carried: NetworkOwner], _ place: Comment) {
    let rows = pool.rows
    #expect(Set(rows.map { "\($0.site) \($0.vlan.rawValue)" }).count == rows.count, place)
    let expected = Set(carried.map { "\($0.key.site) \($0.key.vlan.rawValue) \($0.value.number)" })
    #expect(Set(rows.map { "\($0.site) \($0.vlan.rawValue) \($0.owner.number)" }) == expected, place)
  }

  private func allowed(_ random: inout SeededGenerator) -> [Name: VLANSet] {
    var result: [Name: VLANSet] = [:]
    for site in sites {
      result[site] = vlans((100..<112).filter { _ in Bool.random(using: &random) })
    }
    return result
  }
}

/// The tests' seeded numbers.
typealias SeededGenerator = SplitMix64
