import Infrastructure
import Quantities

extension SlicePlanner {
  /// The domain of each network in each switch that it crosses.
  func domains() throws(Problem) -> [(site: Name, plan: DomainPlan)] {
    var result: [(site: Name, plan: DomainPlan)] = []
    for network in admission.infrastructure.networks {
      let tree = try ports.tree(of: network)
      for site in tree.sites {
        guard topology.hasSwitch(site) else {
          throw Disagreement.problem(
            admission.infrastructure.name, "network \(network.name) crosses site \(site), which has no switch")
        }
        var members = try hostMembers(of: network.name, tree.hosts, at: site)
        members += try linkMembers(of: network.name, tree.links, at: site)
        result.append((site, DomainPlan(number: try ports.number(of: network.name), members: members)))
      }
    }
    return result
  }

  private func hostMembers(
    of network: Name, _ hosts: [Name], at site: Name
  ) throws(Problem) -> [DomainPlan.Member] {
    var members: [DomainPlan.Member] = []
    for host in hosts where topology.host(host)?.site == site {
      guard let port = topology.switchPort(towards: host) else { continue }
      members.append(DomainPlan.Member(interface: port, vlan: try ports.vlan(of: network, at: site)))
    }
    return members
  }

  /// On the cable itself goes the VLAN of the link's first site.
  private func linkMembers(
    of network: Name, _ links: [Int], at site: Name
  ) throws(Problem) -> [DomainPlan.Member] {
    var members: [DomainPlan.Member] = []
    for link in links {
      guard let port = topology.linkPort(link, at: site) else { continue }
      let first = topology.substrate.links[link].ends.first
      members.append(DomainPlan.Member(interface: port, vlan: try ports.vlan(of: network, at: first)))
    }
    return members
  }
}
