import Glibc
import Linux
import Quantities

@testable import Dataplane

/// host - switch - core link - switch - host, and on either host a guest a network.
///
/// Hosts have their uplink at 2; switches their host at 10 and the core at 20. Guests of different networks
/// have the same addresses: 10.0.0.1 and fd00::1 on the left, 10.0.0.2 and fd00::2 on the right.
final class TwoSites {
  /// A network's tags at the left site, between the sites, and at the right site.
  typealias Tags = (left: UInt16, core: UInt16, right: UInt16)

  let hosts: [TestDevice]
  let switches: [TestDevice]
  private let hasThirdMember: Bool
  private(set) var left: [TestGuest] = []
  private(set) var right: [TestGuest] = []

  /// - Parameter hasThirdMember: every domain has a member more, at a port that is not there, so that switches learn.
  init(_ networks: [Tags], hasThirdMember: Bool = false) throws {
    self.hasThirdMember = hasThirdMember
    hosts = try (0..<2).map { try TestDevice("host \($0)") }
    switches = try (0..<2).map { try TestDevice("switch \($0)") }
    for (host, site) in zip(hosts, switches) {
      try host.lay(2, to: site, 10)
      try host.attach(.untag, to: 2)
      try site.attach(.forward, to: 10)
    }
    try switches[0].lay(20, to: switches[1], 20)
    for site in switches { try site.attach(.forward, to: 20) }
    // Tables first, as the agent does it: guests' kernels talk as soon as they have a cable.
    try fill(networks)
    for number in networks.indices {
      let bridge = UInt32(100 + 10 * number)
      for host in hosts { try host.makeNetwork(bridge) }
      left.append(try Self.guest(hosts[0], bridge, 1))
      right.append(try Self.guest(hosts[1], bridge, 2))
    }
  }

  private static func guest(_ host: TestDevice, _ bridge: UInt32, _ number: UInt64) throws -> TestGuest {
    let guest = try TestGuest(
      host, port: bridge + 5, bridge: bridge, mac: 0x0200_0000_0000 + number, address: "10.0.0.\(number)/24")
    // Without a check for duplicates an address is usable at once.
    try guest.device.namespace.writeSysctls([
      ("net/ipv6/conf/if2/accept_dad", "0"), ("net/ipv6/conf/if2/accept_ra", "2"),
    ])
    try guest.device.commit { batch in try batch.addAddress(try IPPrefix(parsing: "fd00::\(number)/64"), to: 2) }
    try host.attach(.guard, to: bridge + 5)
    return guest
  }

  private func fill(_ networks: [Tags]) throws {
    for (index, tag) in ([\Tags.left, \Tags.right] as [KeyPath<Tags, UInt16>]).enumerated() {
      let mac = MACAddress(rawValue: 0x0200_0000_0001 + UInt64(index))
      let host = hosts[index].dataplane
      let bridges = networks.indices.map { UInt32(100 + 10 * $0) }
      try host.setGuests(
        bridges.map { .init(interface: $0 + 5, mac: mac) })
      try host.setTrunks(
        try zip(bridges, networks).map { .init(port: $0 + 1, vlan: try vlan($1[keyPath: tag]), uplink: 2) })
      try switches[index].dataplane.setDomains(
        try networks.enumerated().map { number, tags in
          let members: [Dataplane.Domain.Member] = [
            .init(interface: 10, vlan: try vlan(tags[keyPath: tag])),
            .init(interface: 20, vlan: try vlan(tags.core)),
            .init(interface: 99, vlan: try vlan(99)),
          ]
          return .init(number: UInt32(number), members: Array(members.prefix(hasThirdMember ? 3 : 2)))
        })
    }
  }

  /// What passes the core link, both ways.
  func core() throws -> PacketSocket { try PacketSocket(in: switches[0].namespace, on: 20) }

  /// All drops of all devices, by reason; none is empty.
  func drops() throws -> [DropReason: UInt64] {
    try (hosts + switches).reduce(into: [:]) { sums, device in
      sums.merge(try device.dataplane.drops().filter { $0.value != 0 }, uniquingKeysWith: +)
    }
  }
}
