import Glibc
import Linux
import Quantities
import TestSupport

@testable import Dataplane

/// A namespace with a socket and a data plane of its own.
final class TestDevice {
  let namespace: NetworkNamespace
  let socket: NetlinkSocket
  let dataplane: Dataplane

  /// - Parameter hasIPv6: false keeps the kernel from sending frames of its own.
  init(_ label: String, hasIPv6: Bool = false) throws {
    namespace = try NetworkNamespace.createUnnamed(label: label)
    socket = try namespace.netlink()
    dataplane = try Dataplane(socket: socket, isNew: true)
    if !hasIPv6 {
      try namespace.writeSysctls([
        ("net/ipv6/conf/all/disable_ipv6", "1"), ("net/ipv6/conf/default/disable_ipv6", "1"),
      ])
    }
    do {
      try namespace.writeSysctls(["ip", "ip6", "arp"].map { ("net/bridge/bridge-nf-call-\($0)tables", "0") })
    } catch let error as SystemError where error.isNotFound {
      // This kernel has no br_netfilter, or it is not loaded.
    }
  }

  func commit(_ build: (inout NetlinkBatch) throws -> Void) throws {
    var batch = NetlinkBatch()
    try build(&batch)
    try socket.commit(batch)
  }

  /// Joins two devices by a pair of interfaces, both up.
  func lay(_ index: UInt32, to far: TestDevice, _ farIndex: UInt32, mac: MACAddress? = nil) throws {
    try commit { batch in
      try batch.createVeth(
        name: "if\(index)", index: index, isUp: true,
        peer: VethPeer(
          name: "if\(farIndex)", index: farIndex, mac: mac, namespace: far.namespace.descriptor.rawValue, isUp: true))
    }
  }

  func drops(_ reason: DropReason) throws -> UInt64 { try dataplane.drops()[reason] ?? 0 }
}

/// A guest: a namespace with one interface, of index 2.
struct TestGuest {
  let device: TestDevice
  let mac: UInt64

  init(_ host: TestDevice, port: UInt32, bridge: UInt32, mac: UInt64, address: String? = nil) throws {
    device = try TestDevice("guest", hasIPv6: address != nil)
    self.mac = mac
    try host.lay(port, to: device, 2, mac: MACAddress(rawValue: mac))
    try host.commit { batch in try batch.setLink(.index(port), master: bridge) }
    guard let address else { return }
    try device.commit { batch in try batch.addAddress(try IPPrefix(parsing: address), to: 2) }
  }

  func packets() throws -> PacketSocket { try PacketSocket(in: device.namespace, on: 2) }
}

extension TestDevice {
  /// A network's bridge on a host, and its trunk port of the next index, with a stub of the one after.
  func makeNetwork(_ bridge: UInt32, hasTrunk: Bool = true, ageing: Int? = nil) throws {
    try commit { batch in
      try batch.createBridge(name: "br\(bridge)", index: bridge, isUp: true, ageing: ageing)
      guard hasTrunk else { return }
      try batch.createVeth(
        name: "trunk\(bridge)", index: bridge + 1, master: bridge, isUp: true,
        peer: VethPeer(name: "stub\(bridge)", index: bridge + 2, isUp: true))
      try dataplane.attach(.tag, to: bridge + 1, in: &batch)
    }
  }

  func attach(_ hook: Dataplane.Hook, to index: UInt32) throws {
    try commit { batch in try dataplane.attach(hook, to: index, in: &batch) }
  }
}

/// A VLAN that a test knows to be one.
func vlan(_ number: UInt16) throws -> VLANID {
  guard let vlan = VLANID(number) else {
    throw SystemError(operation: "make", object: "VLAN \(number)", errno: EINVAL)
  }
  return vlan
}
