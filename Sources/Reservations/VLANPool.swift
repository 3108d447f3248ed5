import Algorithms
import Infrastructure
import Quantities

/// The VLANs of every site: which are allowed, who holds them, and which wait for their removal.
///
/// The VLAN life cycle of Antoš, Matyska, Holub and Sitera, *VirtCloud: Virtualising Network for Grid
/// Environments* (AINA 2009): free → held → quarantined → free. A VLAN
/// leaves quarantine only when every device that carried it has confirmed its removal, so a late device
/// can never join two owners. At one site a VLAN has one owner at most, always. A pure value; the store
/// keeps it (`Codable`).
///
/// A device is named by its kind and name (`host brno-1`, `site brno`), which no host shares with a site.
public struct VLANPool: Hashable, Sendable {
  struct Entry: Hashable {
    var site: Name
    var vlan: VLANID
    /// Nil while held.
    var awaiting: Set<String>?
  }

  /// Allowed VLANs of each site.
  public private(set) var allowed: [Name: VLANSet]
  var entries = BucketedDictionary<NetworkOwner, [Entry]>()
  /// Owners with a VLAN in quarantine.
  public private(set) var waiting: Set<NetworkOwner> = []
  /// Bit sets of `allowed`, and of what `entries` takes, by site.
  private var allowedBits: [Name: VLANBits]
  private var takenBits: [Name: VLANBits] = [:]

  /// A pool in which nothing is held.
  public init(allowed: [Name: VLANSet]) {
    self.allowed = allowed
    allowedBits = allowed.mapValues { VLANBits($0) }
  }

  /// A pool with the sites of `substrate`.
  public init(_ substrate: Substrate) {
    self.init(allowed: Dictionary(substrate.sites.map { ($0.name, $0.vlans) }, uniquingKeysWith: { a, _ in a }))
  }

  /// Replaces the allowed sets; holders keep what they hold, allowed or not.
  public mutating func setAllowed(_ allowed: [Name: VLANSet]) {
    self.allowed = allowed
    allowedBits = allowed.mapValues { VLANBits($0) }
  }

  /// Gives `owner` a VLAN at each of `sites`: the lowest that is allowed and free at all of them, or,
  /// where there is none, the lowest of each site (translated at the site's border).
  ///
  /// Idempotent: sites where the owner holds a VLAN keep it; a site that is added takes the same VLAN if
  /// it can. Nothing changes when it throws.
  ///
  /// - Returns: The owner's VLAN at each of `sites`.
  /// - Throws: `Problem` of kind `.refused` that names the exhausted site, or `.notFound` for a site that
  ///   the pool does not have.
  @discardableResult
  public mutating func allocate(for owner: NetworkOwner, sites: [Name]) throws(Problem) -> [Name: VLANID] {
    let held = vlans(of: owner)
    var result: [Name: VLANID] = [:]
    var wanting: [(site: Name, free: VLANBits)] = []
    for site in Set(sites).sorted() {
      if let vlan = held[site] { result[site] = vlan } else { wanting.append((site, try free(at: site))) }
    }
    let common = common(wanting.map(\.free), with: Set(held.values))
    for (site, free) in wanting {
      guard let vlan = common ?? free.lowest else { throw exhausted(site, owner) }
      result[site] = vlan
    }
    for (site, _) in wanting {
      guard let vlan = result[site] else { continue }
      insert(Entry(site: site, vlan: vlan, awaiting: nil), of: owner)
    }
    return result
  }

  /// The VLAN that all new sites can take: the one held elsewhere if it is the same everywhere.
  private func common(_ free: [VLANBits], with held: Set<VLANID>) -> VLANID? {
    guard var shared = free.first else { return nil }
    for next in free.dropFirst() { shared = shared.intersection(next) }
    if held.count == 1, let vlan = held.first, shared.contains(vlan) { return vlan }
    return shared.lowest
  }

  private func free(at site: Name) throws(Problem) -> VLANBits {
    guard let bits = allowedBits[site] else {
      throw Problem(
        .notFound, "unknown-site", "site \(site) has no VLAN pool", remedy: "Name a site of the substrate file.")
    }
    return bits.subtracting(takenBits[site] ?? VLANBits())
  }

  mutating func insert(_ entry: Entry, of owner: NetworkOwner) {
    entries[owner, default: []].append(entry)
    if entry.awaiting != nil { waiting.insert(owner) }
    takenBits[entry.site, default: VLANBits()].insert(entry.vlan)
  }

  func isTaken(_ vlan: VLANID, at site: Name) -> Bool { takenBits[site]?.contains(vlan) ?? false }

  /// Replaces what the owner has.
  mutating func set(_ kept: [Entry], of owner: NetworkOwner) {
    entries[owner] = kept.isEmpty ? nil : kept
    if kept.contains(where: { $0.awaiting != nil }) { waiting.insert(owner) } else { waiting.remove(owner) }
  }

  mutating func free(_ entry: Entry) { takenBits[entry.site]?.remove(entry.vlan) }

  private func exhausted(_ site: Name, _ owner: NetworkOwner) -> Problem {
    let total = allowedBits[site]?.count ?? 0
    let here = rows.filter { $0.site == site && $0.isAllowed }
    let quarantined = here.count { $0.state == .quarantined }
    return Problem(
      .refused, "vlans-exhausted",
      "site \(site) has no free VLAN for \(owner): of \(total) allowed, \(here.count - quarantined) are held and \(quarantined) wait for their removal",
      remedy: "Take an infrastructure down, wait for removals to be confirmed, or allow more VLANs at the site.")
  }
}
