import Algorithms
import Capture
import Testing

@Suite struct FrameSummaryTests {
  private func line(_ frame: [UInt8]) -> String { PacketLine.text(CapturedPacket(frame), label: "a:eth0") }

  @Test func whatIsKnownIsNamed() {
    let v4 = "00:00:00.000000 a:eth0 10.0.0.1"
    let syn = Frames.ethernet(0x0800, Frames.ipv4(6, Frames.tcp(40000, 80, flags: 2)))
    #expect(line(syn) == "\(v4):40000 > 10.0.0.2:80 TCP SYN, 54 octets")
    #expect(line(Frames.datagram(to: 53)) == "\(v4):4000 > 10.0.0.2:53 UDP, 47 octets")
    let echo = Frames.ethernet(0x0800, Frames.ipv4(1, [8, 0, 0, 0, 0, 7, 0, 9]))
    #expect(line(echo) == "\(v4) > 10.0.0.2 ICMP echo request id 7 seq 9, 42 octets")
    #expect(line(Frames.ethernet(0x0800, Frames.ipv4(89, []))) == "\(v4) > 10.0.0.2 IPv4 protocol 89, 34 octets")
    let unreachable = Frames.ethernet(0x0800, Frames.ipv4(1, [42, 3, 0, 0]))
    #expect(line(unreachable).contains("ICMP type 42 code 3,"))
  }

  @Test func addressResolution() {
    func arp(_ operation: UInt64) -> [UInt8] {
      let head = Frames.number(0x0001_0800_0604, 6) + Frames.number(operation, 2)
      return Frames.ethernet(
        0x0806, head + Frames.number(0x0200_0000_0001, 6) + [10, 0, 0, 1] + Frames.number(0, 6) + [10, 0, 0, 2])
    }
    #expect(line(arp(1)) == "00:00:00.000000 a:eth0 10.0.0.1 > 10.0.0.2 ARP who has 10.0.0.2, 42 octets")
    #expect(line(arp(2)).contains("ARP 10.0.0.1 is at 02:00:00:00:00:01,"))
  }

  @Test func sixAndItsExtensions() {
    let plain = Frames.ethernet(0x86dd, Frames.ipv6(17, Frames.udp(1, 2)))
    #expect(line(plain) == "00:00:00.000000 a:eth0 [fd00::1]:1 > [fd00::2]:2 UDP, 62 octets")
    let options: [UInt8] = [58, 0, 5, 2, 0, 0, 1, 0]
    let hopByHop = Frames.ethernet(0x86dd, Frames.ipv6(0, options + [135, 0, 0, 0]))
    #expect(line(hopByHop).contains("fd00::1 > fd00::2 ICMPv6 neighbour solicitation,"))
    let later: [UInt8] = [17, 0, 0x05, 0xa8, 0, 0, 0, 1] + Frames.udp(1, 2)
    #expect(line(Frames.ethernet(0x86dd, Frames.ipv6(44, later))).contains("fd00::2 UDP fragment at 1448,"))
  }

  @Test func tagsFragmentsAndStrangers() {
    let tagged = FrameSummary(Frames.ethernet(0x0800, Frames.ipv4(17, Frames.udp(1, 2)), tags: [0x6005, 9]))
    #expect(tagged.vlans == [5, 9])
    #expect(tagged.kind == "UDP" && tagged.destinationPort == 2)
    let middle = FrameSummary(Frames.ethernet(0x0800, Frames.ipv4(17, Frames.udp(1, 2), fragment: 0x2010)))
    #expect(middle.sourcePort == nil && middle.detail == "fragment at 128")
    #expect(FrameSummary(Frames.ethernet(0x88cc, [])).kind == "EtherType 0x88cc")
    #expect(FrameSummary(Frames.ethernet(0x0027, [0x42, 0x42, 3])).kind == "IEEE 802.3")
    #expect(FrameSummary([]).kind == "short frame")
    #expect(FrameSummary(Frames.ethernet(0x0800, [], tags: Array(repeating: 1, count: 50))).vlans.count == 8)
  }

  /// Every prefix of sound frames is read, and says no more than the whole.
  @Test func cutFramesAreRead() {
    let frames = [
      Frames.datagram(to: 53), Frames.ethernet(0x0800, Frames.ipv4(6, Frames.tcp(1, 2, flags: 0x12)), tags: [3]),
      Frames.ethernet(0x86dd, Frames.ipv6(0, [44, 0, 5, 2, 0, 0, 1, 0, 17, 0, 0, 0, 0, 0, 0, 1] + Frames.udp(1, 2))),
    ]
    for frame in frames {
      let whole = FrameSummary(frame)
      for length in 0..<frame.count {
        let cut = FrameSummary(Array(frame.prefix(length)))
        #expect(cut.destinationPort == nil || cut.destinationPort == whole.destinationPort)
        #expect(cut.source == nil || cut.source == whole.source)
      }
    }
  }

  /// Octets at random, and sound frames with some octets changed: no crash, and only printable ASCII.
  @Test(arguments: [1, 2, 3, 4] as [UInt64]) func hostileOctets(seed: UInt64) {
    var random = SplitMix64(state: seed)
    let sound = [
      Frames.datagram(to: 53), Frames.ethernet(0x86dd, Frames.ipv6(0, [58, 0, 5, 2, 0, 0, 1, 0, 135, 0, 0, 0])),
      Frames.ethernet(0x0800, Frames.ipv4(1, [8, 0, 0, 0, 0, 7, 0, 9]), tags: [1]),
    ]
    for round in 0..<5000 {
      var frame = round % 2 == 0 ? random.bytes(Int.random(in: 0...120, using: &random)) : sound[round % 3]
      for _ in 0..<3 where !frame.isEmpty {
        frame[Int.random(in: 0..<frame.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
      }
      let text = line(frame)
      #expect(text.utf8.allSatisfy { (0x20...0x7e).contains($0) }, "seed \(seed) round \(round): \(frame)")
    }
  }

  @Test func namesCannotCommandATerminal() {
    let text = PacketLine.text(CapturedPacket(Frames.datagram(to: 1)), label: "a:\u{1b}[2J\n\u{202e}x")
    #expect(text.contains("a:\\u{1b}[2J\\u{a}\\u{202e}x "))
    #expect(!text.contains("\n") && !text.contains("\u{1b}") && !text.contains("\u{202e}"))
  }

  @Test func timesAreUTC() {
    let packet = CapturedPacket(Frames.datagram(to: 1), time: 1_795_262_400_000_001_002)
    #expect(PacketLine.text(packet, label: "a").hasPrefix("12:00:00.000001 a "))
    #expect(PacketLine.moment(packet.time) == "2026-11-21T12:00:00.000001002Z")
  }
}
