import CNetlink
import Glibc
import Quantities
import TestSupport
import Testing

@testable import Linux

@Suite("Netlink batches in the kernel", KernelTest.requireRoot)
struct NetlinkBatchTests {
  @Test("the third of five requests fails: its object, errno and the kernel's words come back, the rest is done")
  func errorsNameTheirRequest() throws {
    try KernelTest.withNamespace { _, socket in
      var batch = NetlinkBatch()
      try batch.createBridge(name: "one", index: 100)
      try batch.createBridge(name: "two", index: 101)
      try batch.createLink(kind: "nosuchkind", name: "three")
      try batch.createBridge(name: "four", index: 103)
      try batch.addAddress(IPPrefix(address: .v4(0x0a00_0001), length: 24), to: 103)
      let failure = try #require(throws: NetlinkFailure.self) { try socket.commit(batch) }
      #expect(
        failure.errors == [
          SystemError(
            operation: "create nosuchkind", object: "three", errno: EOPNOTSUPP, kernelMessage: "Unknown device type")
        ])
      #expect(Set(try socket.links().map(\.name)) == ["lo", "one", "two", "four"])
      #expect(try socket.addresses().map(\.linkIndex) == [103])
    }
  }

  @Test("a bridge with an index of our choice and its ports go in one batch")
  func bridgeAndPortsTogether() throws {
    try KernelTest.withNamespace { _, socket in
      let far = try NetworkNamespace.createUnnamed(label: "far")
      var batch = NetlinkBatch()
      try batch.createBridge(name: "br", index: 5000, mtu: 1400, group: 7, alias: "lab/lan", isUp: true)
      for port in 0..<10 as Range<UInt32> {
        let peer = VethPeer(
          name: "eth0", mac: MACAddress(rawValue: 0x0200_0000_0000 + UInt64(port)), mtu: 1400,
          namespace: port == 0 ? far.descriptor.rawValue : nil, isUp: true)
        try batch.createVeth(
          name: "port\(port)", index: 5001 + port, mtu: 1400, group: 7, alias: "lab/node\(port):eth0", master: 5000,
          isUp: true,
          peer: port == 0 ? peer : VethPeer(name: "peer\(port)"))
      }
      try socket.commit(batch)
      let links = Dictionary(uniqueKeysWithValues: try socket.links().map { ($0.name, $0) })
      let bridge = try #require(links["br"])
      #expect(bridge.index == 5000 && bridge.kind == "bridge" && bridge.alias == "lab/lan" && bridge.isUp)
      let port = try #require(links["port0"])
      #expect(port.index == 5001 && port.masterIndex == 5000 && port.group == 7 && port.mtu == 1400 && port.isUp)
      #expect(port.alias == "lab/node0:eth0" && port.kind == "veth" && port.linkNamespaceID != nil && port.hasCarrier)
      let guest = try #require(try far.netlink().links().first { $0.name == "eth0" })
      #expect(guest.mac == MACAddress(rawValue: 0x0200_0000_0000) && guest.isUp && guest.mtu == 1400)
      #expect(port.peerIndex == guest.index)
      #expect(links["port1"]?.peerIndex == links["peer1"]?.index && links["port1"]?.linkNamespaceID == nil)
    }
  }

  @Test("deleting a group deletes that group alone; an empty one is not found")
  func groupsAreDeletedWhole() throws {
    try KernelTest.withNamespace { _, socket in
      var batch = NetlinkBatch()
      for number in 0..<6 {
        try batch.createVeth(
          name: "v\(number)", group: number % 2 == 0 ? 11 : 12, peer: VethPeer(name: "p\(number)", group: 3))
      }
      try batch.createBridge(name: "plain")
      try socket.commit(batch)
      var deletion = NetlinkBatch()
      try deletion.deleteLinks(inGroup: 11)
      try socket.commit(deletion)
      #expect(Set(try socket.links().map(\.name)) == ["lo", "v1", "p1", "v3", "p3", "v5", "p5", "plain"])
      let failure = try #require(throws: NetlinkFailure.self) { try socket.commit(deletion) }
      #expect(failure.errors.map(\.isNotFound) == [true])
      var tolerant = NetlinkBatch()
      try tolerant.deleteLinks(inGroup: 11, tolerating: .notFound)
      try socket.commit(tolerant)
      #expect(throws: SystemError.self) { try tolerant.deleteLinks(inGroup: 0) }
    }
  }

  @Test("addresses and routes of both families are seen as they were made, and go again")
  func addressesAndRoutes() throws {
    try KernelTest.withNamespace { _, socket in
      let v4 = IPPrefix(address: .v4(0x0a01_0007), length: 24)
      let v6 = IPPrefix(address: .v6(0xfd00 << 112 | 7), length: 64)
      let far4 = IPPrefix(address: .v4(0x0a02_0000), length: 16)
      let any6 = IPPrefix(address: .v6(0), length: 0)
      var batch = NetlinkBatch()
      try batch.createVeth(name: "a", index: 20, isUp: true, peer: VethPeer(name: "b", isUp: true))
      try batch.addAddress(v4, to: 20)
      try batch.addAddress(v6, to: 20)
      try batch.addRoute(to: far4, via: .v4(0x0a01_0001), metric: 5)
      try batch.addRoute(to: any6, via: .v6(0xfd00 << 112 | 1), link: 20)
      try socket.commit(batch)
      #expect(Set(try socket.addresses().filter { $0.linkIndex == 20 && !$0.isLinkLocal }.map(\.prefix)) == [v4, v6])
      let routes = try socket.routes().filter { !$0.isFromKernel && $0.gateway != nil }
      #expect(routes.map(\.destination) == [far4, any6] && routes.map(\.linkIndex) == [20, 20])
      #expect(routes.first?.metric == 5 && routes.last?.gateway == .v6(0xfd00 << 112 | 1))
      var removal = NetlinkBatch()
      try removal.deleteRoute(to: far4)
      try removal.deleteRoute(to: any6, via: .v6(0xfd00 << 112 | 1))
      try removal.deleteAddress(v4, from: 20)
      try removal.deleteAddress(v6, from: 20)
      try socket.commit(removal)
      #expect(try socket.routes().filter { !$0.isFromKernel }.isEmpty)
      #expect(try socket.addresses().filter { $0.linkIndex == 20 && !$0.isLinkLocal }.isEmpty)
    }
  }

  @Test("a link changes in all that can be changed, and makes no link-local address where it must not")
  func changes() throws {
    try KernelTest.withNamespace { _, socket in
      let other = try NetworkNamespace.createUnnamed(label: "other")
      var batch = NetlinkBatch()
      try batch.createBridge(name: "br", index: 30, mac: MACAddress(rawValue: 0x0200_0000_0099), ageing: 20)
      try batch.createVeth(name: "a", index: 20, peer: VethPeer(name: "b", isUp: true))
      try batch.setLink(
        .index(20), isUp: true, name: "c", mac: MACAddress(rawValue: 0x0200_0000_0042), mtu: 9000, group: 5, master: 30,
        alias: "lab/x", noLinkLocal: true)
      try batch.setLink(.name("b"), group: 6, namespace: other.descriptor.rawValue)
      try socket.commit(batch)
      let link = try #require(try socket.links().first { $0.index == 20 })
      #expect(link.name == "c" && link.mac == MACAddress(rawValue: 0x0200_0000_0042) && link.mtu == 9000)
      #expect(link.group == 5 && link.masterIndex == 30 && link.alias == "lab/x" && link.isUp)
      #expect(try socket.links().map(\.name) == ["lo", "c", "br"])
      #expect(try other.netlink().links().map(\.group) == [0, 6])
      #expect(try socket.addresses().isEmpty)
      var removal = NetlinkBatch()
      try removal.deleteLink(.name("c"))
      try removal.deleteLink(.name("c"), tolerating: .notFound)
      try socket.commit(removal)
      #expect(try other.netlink().links().map(\.name) == ["lo"])
    }
  }

  @Test("a table that changes while it is read comes out whole")
  func dumpsWhileLinksComeAndGo() async throws {
    let namespace = try NetworkNamespace.createUnnamed(label: "busy")
    var batch = NetlinkBatch()
    // Not bridges: the end of each would hold the kernel's lock for some 17 ms.
    for number in 0..<50 { try batch.createVeth(name: "keep-a\(number)", peer: VethPeer(name: "keep-b\(number)")) }
    try namespace.netlink().commit(batch)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        let socket = try namespace.netlink()
        for number in 0..<100 {
          var batch = NetlinkBatch()
          try batch.createVeth(name: "come-a\(number)", peer: VethPeer(name: "come-b\(number)"))
          try socket.commit(batch)
        }
      }
      group.addTask {
        let socket = try namespace.netlink()
        for _ in 0..<50 {
          let kept = try socket.links().filter { $0.name.hasPrefix("keep") }
          #expect(kept.count == 100)
        }
      }
      try await group.waitForAll()
    }
  }

  @Test("what exists is an error unless the request says that it is fine")
  func toleranceIsExplicit() throws {
    try KernelTest.withNamespace { _, socket in
      var batch = NetlinkBatch()
      try batch.createBridge(name: "br")
      try socket.commit(batch)
      let failure = try #require(throws: NetlinkFailure.self) { try socket.commit(batch) }
      #expect(failure.errors.map(\.isExists) == [true])
      var tolerant = NetlinkBatch()
      try tolerant.createBridge(name: "br", tolerating: .exists)
      try socket.commit(tolerant)
    }
  }

  @Test("thousands of refusals in one batch all come back")
  func manyFailures() throws {
    try KernelTest.withNamespace { _, socket in
      var batch = NetlinkBatch()
      for number in 0..<10_000 as Range<UInt32> { try batch.deleteLink(.index(1000 + number)) }
      let failure = try #require(throws: NetlinkFailure.self) { try socket.commit(batch) }
      #expect(failure.errors.map(\.object) == (0..<10_000).map { "#\(1000 + $0)" })
      #expect(!failure.errors.map(\.isNotFound).contains(false))
      #expect(try socket.links().map(\.name) == ["lo"])
    }
  }
}
