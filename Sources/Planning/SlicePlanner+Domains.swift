import Infrastructure
import Quantities

extension SlicePlanner {
  /// What a site's switch has of one network.
  struct Switching {
    var site: Name
    var domain: DomainPlan?
    var paths: [RoutePathPlan]
  }

  /// What a switch's table has room for (`MAX_MEMBERS`, `tables.h`).
  private static let maximumMembers = 64

  /// The VXLAN identifier of a network; over a mesh every pair of hosts has one of its own.
  func identifier(of course: NetworkCourse, between host: Name, _ other: Name) -> UInt32 {
    admission.meshNumbers[course.network.name]?[HostPair.key(host, other)] ?? course.carrier
  }

  /// The domain or the paths of each network in each switch that it crosses.
  func switching(_ shaping: inout ShapingTable) throws(Problem) -> [Switching] {
    var result: [Switching] = []
    for course in courses {
      for site in course.tree.sites where !topology.isPhysical(site) {
        guard topology.hasSwitch(site) else {
          throw Disagreement.problem(
            admission.infrastructure.name, "network \(course.network.name) crosses site \(site), which has no switch")
        }
        if course.carriage == .vlan {
          let members = try hostMembers(of: course, at: site, &shaping) + linkMembers(of: course, at: site, &shaping)
          guard members.count <= Self.maximumMembers else {
            throw Problem(
              .refused, "domain-too-large",
              "\(course.network.kind.rawValue) \(course.network.name) has \(members.count) trunks at site \(site), whose "
                + "emulated switch carries \(Self.maximumMembers)",
              remedy: "Spread its nodes over fewer hosts of the site.")
          }
          result.append(
            Switching(site: site, domain: DomainPlan(number: course.number, members: members), paths: []))
        } else {
          result.append(Switching(site: site, domain: nil, paths: paths(of: course, at: site, &shaping)))
        }
      }
    }
    return result
  }

  private func hostMembers(
    of course: NetworkCourse, at site: Name, _ shaping: inout ShapingTable
  ) throws(Problem) -> [DomainPlan.Member] {
    var members: [DomainPlan.Member] = []
    for host in course.tree.hosts where topology.host(host)?.site == site {
      guard let port = topology.switchPort(towards: host) else { continue }
      members.append(
        DomainPlan.Member(
          interface: port, vlan: try ports.vlan(of: course.network.name, at: site),
          classID: classID(of: course, .host(host), at: site, &shaping)))
    }
    return members
  }

  /// On the cable itself goes the VLAN of the link's first site.
  private func linkMembers(
    of course: NetworkCourse, at site: Name, _ shaping: inout ShapingTable
  ) throws(Problem) -> [DomainPlan.Member] {
    var members: [DomainPlan.Member] = []
    for link in course.tree.links {
      guard let port = topology.linkPort(link, at: site) else { continue }
      let first = topology.substrate.links[link].ends.first
      members.append(
        DomainPlan.Member(
          interface: port, vlan: try ports.vlan(of: course.network.name, at: first), outer: course.outer,
          classID: classID(of: course, .link(link), at: site, &shaping)))
    }
    return members
  }

  /// One for each host of the network and each identifier under which frames are sent to it.
  private func paths(of course: NetworkCourse, at site: Name, _ shaping: inout ShapingTable) -> [RoutePathPlan] {
    var result: [RoutePathPlan] = []
    for host in course.tree.hosts {
      guard let hop = course.hop(at: site, towards: host), let port = interface(hop, at: site) else { continue }
      let classID = classID(of: course, hop, at: site, &shaping)
      let identifiers = Set(
        course.tree.hosts.filter { $0 != host }.map { identifier(of: course, between: $0, host) })
      for identifier in identifiers.sorted() {
        result.append(
          RoutePathPlan(
            identifier: identifier, destination: topology.underlayAddress(of: host), interface: port,
            classID: classID))
      }
    }
    return result
  }

  private func interface(_ hop: NetworkCourse.Hop, at site: Name) -> String? {
    switch hop {
    case .host(let host): topology.switchPort(towards: host)
    case .link(let link): topology.linkPort(link, at: site)
    }
  }

  private func classID(
    of course: NetworkCourse, _ hop: NetworkCourse.Hop, at site: Name, _ shaping: inout ShapingTable
  ) -> UInt16? {
    guard let interface = interface(hop, at: site) else { return nil }
    let (range, allowed) =
      switch hop {
      case .host(let host): course.range(towards: host)
      case .link(let link): course.range(over: link, from: site, on: topology)
      }
    return shaping.classID(
      of: course.carrier, on: interface, of: topology.switchNamespace(site), range, allowed: allowed)
  }
}
