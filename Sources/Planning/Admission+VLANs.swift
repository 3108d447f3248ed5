import Infrastructure
import Quantities

extension Admission {
  /// Throws `no-common-vlan` where a network that crosses physical switches, which translate nothing, has several
  /// VLANs.
  func checkOneVLAN(of network: Name, crossing sites: [Name]) throws(Problem) {
    let own = vlans[network] ?? [:]
    guard Set(sites.compactMap { own[$0] }).count > 1 else { return }
    let words = sites.compactMap { site in own[site].map { "\($0) at \(site)" } }.joined(separator: ", ")
    throw Problem(
      .refused, "no-common-vlan",
      "Network \(network) of \(infrastructure.name) needs one VLAN at all of its sites, but the lowest free ones differ: \(words).",
      remedy: "Allow the same VLANs at these sites, or take down what holds them.")
  }

  /// The same for every network that the substrate's physical switches carry: to be asked as soon as VLANs are given.
  public func checkVLANs(on substrate: Substrate) throws(Problem) {
    let physical = substrate.physicalSites
    guard !physical.isEmpty else { return }
    for (owner, sites) in owners where sites.contains(where: physical.contains) {
      try checkOneVLAN(of: owner.network, crossing: sites)
    }
  }
}
