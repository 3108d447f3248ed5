import CNetlink
import Glibc
import Quantities
import Testing

@testable import Linux

/// What goes to the kernel byte by byte (x86-64 and arm64: little-endian), and what comes back from it.
@Suite("Netlink messages")
struct NetlinkMessageTests {
  @Test("a veth pair's creation is these bytes")
  func vethBytes() throws {
    var batch = NetlinkBatch()
    try batch.createVeth(
      name: "p1", index: 0x1389, mac: MACAddress(rawValue: 0x0200_0000_0001), mtu: 1400, group: 7, master: 0x1388,
      isUp: true, peer: VethPeer(name: "eth0", namespace: 9))
    expect(
      batch.bytes,
      """
      90000000 1000 0106 00000000 00000000  nlmsghdr: 144 bytes, RTM_NEWLINK, REQUEST|EXCL|CREATE
      00 00 0000 89130000 01000000 01000000  ifinfomsg: index 5001, flags IFF_UP, change IFF_UP
      0700 0300 703100 00                    IFLA_IFNAME "p1"
      0a00 0100 020000000001 0000            IFLA_ADDRESS
      0800 0400 78050000                     IFLA_MTU 1400
      0800 1b00 07000000                     IFLA_GROUP 7
      0800 0a00 88130000                     IFLA_MASTER 5000
      4400 1280                              IFLA_LINKINFO, nested
      0900 0100 76657468 00 000000           .IFLA_INFO_KIND "veth"
      3400 0280                              .IFLA_INFO_DATA, nested
      3000 0180                              ..VETH_INFO_PEER, nested
      00 00 0000 00000000 00000000 01000000  ..ifinfomsg: any index, down
      0900 0300 65746830 00 000000           ..IFLA_IFNAME "eth0"
      0800 1b00 00000000                     ..IFLA_GROUP 0
      0800 1c00 09000000                     ..IFLA_NET_NS_FD 9
      """)
  }

  @Test("a filter's attachment is these bytes")
  func filterBytes() throws {
    var batch = NetlinkBatch()
    try batch.attachFilter(to: 5001, .ingress, program: 12, name: "guest", priority: 1)
    expect(
      batch.bytes,
      """
      4c000000 2c00 0104 00000000 00000000  nlmsghdr: 76 bytes, RTM_NEWTFILTER, REQUEST|CREATE
      00 00 0000 89130000 01000000           tcmsg: index 5001, handle 1
      f2ffffff 00030100                      parent ffff:fff2 (ingress), priority 1, ETH_P_ALL
      0800 0100 62706600                     TCA_KIND "bpf"
      2000 0280                              TCA_OPTIONS, nested
      0800 0600 0c000000                     .TCA_BPF_FD 12
      0a00 0700 677565737400 0000            .TCA_BPF_NAME "guest"
      0800 0800 01000000                     .TCA_BPF_FLAGS ACT_DIRECT
      """)
  }

  @Test("Swift's structures have the sizes and offsets that the kernel's headers state")
  func layouts() {
    #expect(MemoryLayout<nlmsghdr>.size == 16 && MemoryLayout<nlmsghdr>.offset(of: \.nlmsg_seq) == 8)
    #expect(MemoryLayout<nlmsghdr>.offset(of: \.nlmsg_flags) == 6)
    #expect(MemoryLayout<nlattr>.size == 4 && MemoryLayout<nlmsgerr>.size == 20)
    #expect(MemoryLayout<ifinfomsg>.size == 16 && MemoryLayout<ifinfomsg>.offset(of: \.ifi_change) == 12)
    #expect(MemoryLayout<ifaddrmsg>.size == 8 && MemoryLayout<rtmsg>.size == 12)
    #expect(MemoryLayout<tcmsg>.size == 20 && MemoryLayout<tcmsg>.offset(of: \.tcm_info) == 16)
    #expect(MemoryLayout<tc_ratespec>.size == 12 && MemoryLayout<tc_ratespec>.offset(of: \.rate) == 8)
    #expect(MemoryLayout<tc_htb_opt>.size == 44 && MemoryLayout<tc_htb_glob>.size == 20)
  }

  @Test("names and aliases that the kernel would cut are refused before anything is sent")
  func longNames() throws {
    var batch = NetlinkBatch()
    let long = try #require(throws: SystemError.self) { try batch.createBridge(name: "sixteen-letters-") }
    #expect(long.errno == ENAMETOOLONG && long.object == "sixteen-letters-")
    for name in ["", ".", "..", "a b", "a/b", "a:b", "a\nb"] {
      #expect(throws: SystemError.self) { try batch.createVeth(name: name, peer: VethPeer(name: "b")) }
      #expect(throws: SystemError.self) { try batch.createVeth(name: "b", peer: VethPeer(name: name)) }
    }
    let alias = String(repeating: "ä", count: 128)
    #expect(throws: SystemError.self) { try batch.createBridge(name: "br", alias: alias) }
    #expect(throws: SystemError.self) {
      try batch.addAddress(IPPrefix(address: .v4(1), length: 33), to: 1)
    }
    #expect(batch.isEmpty)
  }

  @Test("hostile and cut datagrams are read without harm", arguments: [1, 2, 3, 0xdead_beef] as [UInt64])
  func hostileDatagrams(seed: UInt64) {
    var state = seed
    func random() -> UInt8 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return UInt8(truncatingIfNeeded: state >> 33)
    }
    for _ in 0..<3000 {
      var bytes = (0..<Int(random())).map { _ in random() % 3 == 0 ? random() : random() % 24 }
      if bytes.count > 20 {
        bytes[0] = UInt8(bytes.count)
        bytes[1] = 0
        bytes[2] = 0
        bytes[3] = 0
      }
      if bytes.count > 6 {
        bytes[4] = [2, 3, 16, 20, 24, 36, 40, 44][Int(random() % 8)]
        bytes[5] = 0
      }
      bytes.withUnsafeBytes { buffer in
        for reply in NetlinkReply.Sequence(buffer) {
          _ = (reply.acknowledgement, reply.endOfDump, Link(reply), LinkAddress(reply), Route(reply))
          _ = (QueueingDiscipline(reply), ProgramFilter(reply, .ingress))
        }
      }
    }
  }

  @Test("a refusal's words are found behind a whole and behind a left-out request")
  func extendedMessages() {
    func answer(flags: UInt8, quoted: [UInt8]) -> String? {
      let text = Array("no way\0".utf8) + [0]
      let attribute: [UInt8] = [11, 0, 1, 0] + text
      let request: [UInt8] = [24, 0, 0, 0, 16, 0, 5, 6, 1, 0, 0, 0, 0, 0, 0, 0] + quoted
      let length = UInt8(16 + 4 + request.count + attribute.count)
      let bytes =
        [length, 0, 0, 0, 2, 0, 0, flags, 1, 0, 0, 0, 0, 0, 0, 0, 0xef, 0xff, 0xff, 0xff] + request + attribute
      return bytes.withUnsafeBytes { buffer in
        NetlinkReply.Sequence(buffer).compactMap(\.acknowledgement).map { "\($0.errno) \($0.message ?? "")" }.first
      }
    }
    #expect(answer(flags: 3, quoted: []) == "17 no way")
    #expect(answer(flags: 2, quoted: [1, 2, 3, 4, 5, 6, 7, 8]) == "17 no way")
    #expect(answer(flags: 0, quoted: []) == "17 ")
  }

  /// Compares with annotated hex: on each line, hex digits, two blanks or more, and words.
  private func expect(_ bytes: [UInt8], _ annotated: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let wanted = annotated.split(separator: "\n").map { line in
      line.prefix(upTo: line.range(of: "  ")).filter { $0 != " " }
    }
    let hex = bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    #expect(hex == wanted.joined(), sourceLocation: sourceLocation)
  }
}

extension Substring {
  /// Where `text` begins, or the end.
  fileprivate func range(of text: String) -> Index {
    indices.first { self[$0...].hasPrefix(text) } ?? endIndex
  }
}
