import Embedding
import Infrastructure
import Quantities

/// Largest IP packet of a network: what it asked for, or what the narrowest cable of its path carries.
struct PathMTU {
  /// Of a network that stays on one host and asks for none.
  static let localDefault = 1500
  /// `ETH_MAX_MTU` in linux/if_ether.h: the largest that a veth accepts.
  static let largest = 65535

  let value: Int

  /// Octets that an envelope or a tunnel adds to a frame: outer Ethernet, IPv4, UDP and VXLAN headers; OpenVPN's
  /// opcode, packet number and tag (IV and padding included, rounded up) in place of VXLAN's.
  static func overhead(_ carriage: Carriage) -> Int {
    switch carriage {
    case .local, .vlan: 0
    case .vxlan: 50
    case .tunnel: tunnelOverhead + 50
    }
  }

  /// Ethernet, IPv4 and UDP headers and OpenVPN's own, rounded up.
  static let tunnelOverhead = 100

  init(_ network: Network, _ carriage: Carriage, tree: NetworkTree, on topology: Topology) throws(Problem) {
    guard !tree.sites.isEmpty else {
      value = network.mtu ?? Self.localDefault
      if value > Self.largest { throw Self.tooLarge(network, Self.largest, "the kernel's veth") }
      return
    }
    var narrowest = (mtu: Self.largest, what: "the kernel's veth")
    for name in tree.hosts {
      guard let host = topology.host(name), host.mtu < narrowest.mtu else { continue }
      narrowest = (host.mtu, "the uplink of host \(name)")
    }
    for index in tree.links where topology.substrate.links.indices.contains(index) {
      let link = topology.substrate.links[index]
      guard link.mtu < narrowest.mtu else { continue }
      narrowest = (link.mtu, "core link \(link.ends.first) - \(link.ends.second)")
    }
    narrowest.mtu -= Self.overhead(carriage)
    if let asked = network.mtu, asked > narrowest.mtu { throw Self.tooLarge(network, narrowest.mtu, narrowest.what) }
    value = network.mtu ?? narrowest.mtu
  }

  private static func tooLarge(_ network: Network, _ limit: Int, _ what: String) -> Problem {
    Problem(
      .refused, "mtu-too-large",
      "\(network.kind.rawValue) \(network.name) asks for an MTU of \(network.mtu ?? limit) bytes but \(what) carries \(limit)",
      remedy: "Ask for \(limit) bytes or fewer, or leave the MTU out.")
  }
}
