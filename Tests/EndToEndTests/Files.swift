/// Files that several tests use.
enum Files {
  /// Machines `m1…` on one segment, on this machine or over the sites of `twoSites`.
  static func lan(
    _ name: String, _ count: Int, sites: [String] = [], rest: String = "",
    addresses: String = "[10.9.0.0/24, \"fd00:9::/64\"]"
  ) -> String {
    let nodes = (1...count).map { number in
      let site = sites.isEmpty ? "" : "site: \(sites[(number - 1) % sites.count]), "
      return "  m\(number): {\(site)cpu: 0.05, memory: 64MiB}\n"
    }
    let members = (1...count).map { "m\($0)" }.joined(separator: ", ")
    return "name: \(name)\n\(rest)nodes:\n\(nodes.joined())segments:\n"
      + "  lan: {members: [\(members)], addresses: \(addresses)}\n"
  }

  /// Two sites with two hosts, and the core link between them; their VLANs overlap in 20 to 29.
  static func twoSites(link: String = "rate: 1Gbit/s, latency: 1ms", vlans: [String] = ["10-29", "20-39"]) -> String {
    """
    name: pair
    core: trunk
    sites:
      east: {vlans: "\(vlans[0])"}
      west: {vlans: "\(vlans[1])"}
    hosts:
      east-[1-2]: {site: east, cpu: 4, memory: 4GiB, uplink: 10Gbit/s}
      west-[1-2]: {site: west, cpu: 4, memory: 4GiB, uplink: 10Gbit/s}
    links:
      - {ends: [east, west], \(link)}

    """
  }
}
