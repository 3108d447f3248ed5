import Linux
import Measurement
import Quantities
import TestSupport

/// Two namespaces of a test and a veth pair between them.
struct Cable {
  let names = [KernelTest.uniqueName(), KernelTest.uniqueName()]
  let left, right: NetworkNamespace

  /// Runs a test with a cable, which is gone afterwards.
  static func with(mtu: Int = 1500, _ body: (Cable) throws -> Void) throws {
    let cable = try Cable(mtu: mtu)
    let result = Result { try body(cable) }
    for name in cable.names { try NetworkNamespace.delete(named: name) }
    try result.get()
  }

  private init(mtu: Int) throws {
    left = try NetworkNamespace.create(named: names[0])
    right = try NetworkNamespace.create(named: names[1])
    var batch = NetlinkBatch()
    try batch.createVeth(
      name: "c0", index: 20, mtu: mtu, isUp: true,
      peer: VethPeer(name: "c0", index: 20, mtu: mtu, namespace: right.descriptor.rawValue, isUp: true))
    try left.netlink().commit(batch)
    for (number, end) in [left, right].enumerated() {
      var addresses = NetlinkBatch()
      for text in ["10.5.0.\(number + 1)/24", "fd05::\(number + 1)/64"] {
        try addresses.addAddress(IPPrefix(parsing: text), to: 20)
      }
      try end.netlink().commit(addresses)
    }
  }

  /// Loses every `count`th datagram that comes in at the right end.
  func loseOne(in count: Int) throws {
    try ProcessRun.spawn(
      "/usr/bin/nsenter",
      [
        "nsenter", "--net=/run/netns/\(names[1])", "nft",
        """
        add table inet t; add chain inet t c { type filter hook input priority 0; }; \
        add rule inet t c meta l4proto udp numgen inc mod \(count) == 0 drop
        """,
      ])
  }

  func path(version: Int = 4) throws -> TrafficPath {
    let prefix = version == 4 ? "10.5.0." : "fd05::"
    return TrafficPath(
      from: left, to: right, source: try IPAddress(parsing: prefix + "1"),
      destination: try IPAddress(parsing: prefix + "2"))
  }
}
