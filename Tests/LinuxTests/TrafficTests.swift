import CNetlink
import Glibc
import Quantities
import TestSupport
import Testing

@testable import Linux

@Suite("Traffic control in the kernel", KernelTest.requireRoot)
struct TrafficTests {
  @Test("a link is shaped, shaped again at another rate, and set free; what is observed follows")
  func shaping() throws {
    try KernelTest.withNamespace { _, socket in
      var batch = NetlinkBatch()
      try batch.createVeth(name: "a", index: 20, isUp: true, peer: VethPeer(name: "b", isUp: true))
      try socket.commit(batch)
      for rate in [1_000_000, 100_000_000, 10_000_000_000, 100_000_000_000] as [UInt64] {
        var shape = NetlinkBatch()
        try shape.shape(20, to: Bitrate(bitsPerSecond: rate))
        try socket.commit(shape)
        #expect(try kinds(socket) == ["htb", "bfifo"])
        #expect(try socket.shapedRate(of: 20) == Bitrate(bitsPerSecond: rate))
      }
      var removal = NetlinkBatch()
      try removal.unshape(20)
      try socket.commit(removal)
      #expect(try kinds(socket) == ["noqueue"] && socket.shapedRate(of: 20) == nil)
      let failure = try #require(throws: NetlinkFailure.self) { try socket.commit(removal) }
      #expect(failure.errors.map(\.isNotFound) == [true])
      #expect(throws: SystemError.self) { try removal.shape(20, to: .zero) }
    }
  }

  @Test("a program at a hook is observed with its name, number and priority; replaced without a second one; detached")
  func filters() throws {
    try KernelTest.withNamespace { _, socket in
      let first = try program()
      let second = try program()
      var batch = NetlinkBatch()
      try batch.createVeth(name: "a", index: 20, peer: VethPeer(name: "b"))
      try batch.addClassifierHooks(to: 20)
      try batch.attachFilter(to: 20, .ingress, program: first.rawValue, name: "guest")
      try batch.attachFilter(to: 20, .egress, program: first.rawValue, name: "trunk", priority: 9)
      try socket.commit(batch)
      let before = try socket.filters(on: 20, .ingress)
      #expect(before.map(\.name) == ["guest"] && before.map(\.priority) == [1])
      #expect(before.first?.programID != nil)
      #expect(try socket.filters(on: 20, .egress).map(\.priority) == [9])
      var replacement = NetlinkBatch()
      try replacement.attachFilter(to: 20, .ingress, program: second.rawValue, name: "guest2")
      try socket.commit(replacement)
      let after = try socket.filters(on: 20, .ingress)
      #expect(after.map(\.name) == ["guest2"] && after.first?.programID != before.first?.programID)
      var removal = NetlinkBatch()
      try removal.detachFilter(from: 20, .ingress)
      try removal.deleteClassifierHooks(of: 20)
      try socket.commit(removal)
      #expect(try socket.filters(on: 20, .ingress).isEmpty && kinds(socket).isEmpty)
    }
  }

  private func kinds(_ socket: NetlinkSocket) throws -> [String] {
    try socket.queueingDisciplines().filter { $0.linkIndex == 20 }.map(\.kind)
  }

  /// A classifier that lets everything pass: `r0 = 0; exit` (`bpf(2)`, `BPF_PROG_LOAD`).
  private func program() throws -> Descriptor {
    let instructions: [UInt64] = [0x0000_0000_0000_00b7, 0x0000_0000_0000_0095]
    let number = try instructions.withUnsafeBytes { code in
      try "GPL".withCString { license in
        var request = [UInt64](repeating: 0, count: 16)
        request[0] = UInt64(2) << 32 | 3  // two instructions, BPF_PROG_TYPE_SCHED_CLS
        request[1] = UInt64(UInt(bitPattern: code.baseAddress))
        request[2] = UInt64(UInt(bitPattern: license))
        return Int32(try check(virtcloud_bpf(5, &request, 128), "load", "program"))
      }
    }
    return Descriptor(owning: number)
  }
}
