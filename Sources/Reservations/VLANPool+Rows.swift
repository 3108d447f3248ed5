import Quantities

extension VLANPool {
  /// What the owner holds now, by site; released VLANs are left out.
  public func vlans(of owner: NetworkOwner) -> [Name: VLANID] {
    var result: [Name: VLANID] = [:]
    for entry in entries[owner] ?? [] where entry.awaiting == nil { result[entry.site] = entry.vlan }
    return result
  }

  /// Every owner that holds a VLAN or has one in quarantine, sorted.
  public var owners: [NetworkOwner] { entries.keys.sorted() }

  /// Owners with a VLAN in quarantine that waits for `device`, sorted.
  public func owners(awaiting device: String) -> [NetworkOwner] {
    waiting.filter { entries[$0]?.contains { $0.awaiting?.contains(device) ?? false } ?? false }.sorted()
  }

  /// What the owner holds or has in quarantine, by site.
  public func rows(of owner: NetworkOwner) -> [VLANRow] {
    (entries[owner] ?? []).map { row($0, owner) }.sorted { $0.site < $1.site }
  }

  /// Puts in what was kept: nothing is checked but that no VLAN has two owners at one site; false where it would.
  public mutating func restore(_ row: VLANRow) -> Bool {
    guard !isTaken(row.vlan, at: row.site) else { return false }
    insert(Entry(site: row.site, vlan: row.vlan, awaiting: row.state == .held ? nil : Set(row.awaiting)), of: row.owner)
    return true
  }

  /// Every VLAN in use, by site and then by VLAN.
  public var rows: [VLANRow] {
    entries.flatMap { owner, entries in entries.map { row($0, owner) } }
      .sorted { ($0.site, $0.vlan) < ($1.site, $1.vlan) }
  }

  private func row(_ entry: Entry, _ owner: NetworkOwner) -> VLANRow {
    VLANRow(
      site: entry.site, vlan: entry.vlan, state: entry.awaiting == nil ? .held : .quarantined, owner: owner,
      awaiting: entry.awaiting?.sorted() ?? [], isAllowed: allowed[entry.site]?.members.contains(entry.vlan) ?? false)
  }
}

extension VLANPool: Codable {
  private struct SiteForm: Codable {
    var site: Name
    var vlans: VLANSet
  }

  private enum CodingKeys: CodingKey { case allowed, rows }

  /// Refuses a form in which one VLAN has two owners at one site.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let sites = try container.decode([SiteForm].self, forKey: .allowed)
    self.init(allowed: Dictionary(sites.map { ($0.site, $0.vlans) }, uniquingKeysWith: { a, _ in a }))
    var seen: Set<[String]> = []
    for row in try container.decode([VLANRow].self, forKey: .rows) {
      guard seen.insert([row.site.description, "\(row.vlan.rawValue)"]).inserted else {
        throw DecodingError.dataCorruptedError(
          forKey: .rows, in: container, debugDescription: "VLAN \(row.vlan.rawValue) has two owners at site \(row.site)"
        )
      }
      let awaiting = row.state == .held ? nil : Set(row.awaiting)
      insert(Entry(site: row.site, vlan: row.vlan, awaiting: awaiting), of: row.owner)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let sites = allowed.map { SiteForm(site: $0, vlans: $1) }.sorted { $0.site < $1.site }
    try container.encode(sites, forKey: .allowed)
    try container.encode(rows, forKey: .rows)
  }
}
