import Quantities

extension Substrate {
  /// Sites whose hosts have trunks: their switches are real ones.
  public var physicalSites: Set<Name> {
    var sites: Set<Name> = []
    for host in hosts where host.trunk != nil { sites.insert(host.site) }
    return sites
  }

  /// Throws where its real hosts cannot be had, or cannot be joined with the others.
  ///
  /// - Parameters:
  ///   - here: What the controller's own machine is called; nil where it carries nothing.
  ///   - expectsAgents: Other machines may have agents.
  /// - Throws: `host-not-here`, `no-trunk`, `mixed-site`, `mixed-core` or `core-unsupported`.
  public func checkRealHosts(here: Name?, expectsAgents: Bool) throws(Problem) {
    let physical = physicalSites
    if !expectsAgents { try checkAllHere(here) }
    let linked = Set(links.flatMap { [$0.ends.first, $0.ends.second] })
    let hostsAt = Dictionary(grouping: hosts, by: \.site)
    for host in hosts {
      if physical.contains(host.site) {
        try Self.checkMixture(host)
      } else if host.kind == .real, host.name != here,
        hostsAt[host.site, default: []].count > 1 || linked.contains(host.site)
      {
        throw Problem(
          .invalid, "no-trunk",
          "Host \(host.name) is another machine than the controller's, and has no trunk to the switch of site \(host.site).",
          remedy: "Name its interface towards the switch, such as 'trunk: eth1'.")
      }
    }
    for link in links where physical.contains(link.ends.first) != physical.contains(link.ends.second) {
      throw Problem(
        .invalid, "mixed-core",
        "The link \(link.ends.first) - \(link.ends.second) joins an emulated site with one that has a physical switch.",
        remedy: "Make the hosts of both sites real or emulated, or leave the link out.")
    }
    guard core == .trunk || physical.isEmpty else {
      throw Problem(
        .invalid, "core-unsupported",
        "Hosts with trunks reach each other by VLANs as they are, which a '\(core.rawValue)' core has not.",
        remedy: "Write 'core: trunk'.")
    }
  }

  private func checkAllHere(_ here: Name?) throws(Problem) {
    let real = hosts.filter { $0.kind == .real }
    guard let stranger = real.first(where: { $0.name != here }) ?? real.dropFirst().first else { return }
    throw Problem(
      .invalid, "host-not-here",
      "Host \(stranger.name) is real, but this machine is \(here?.description ?? "no host") and no agent runs elsewhere.",
      remedy:
        "Name the real host \(here?.description ?? "otherwise"), make it 'kind: emulated', or run a site's controller ('virtcloud serve')."
    )
  }

  private static func checkMixture(_ host: Host) throws(Problem) {
    guard host.kind == .emulated || host.trunk == nil else { return }
    let what = host.kind == .emulated ? "is emulated" : "has no trunk"
    throw Problem(
      .invalid, "mixed-site",
      "Host \(host.name) \(what), but site \(host.site) has a physical switch: other hosts have trunks to it.",
      remedy: "Give every host of the site 'kind: real' and a 'trunk', or none.")
  }
}
