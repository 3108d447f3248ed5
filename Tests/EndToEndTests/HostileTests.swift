import Foundation
import Linux
import Testing

extension EndToEnd {
  /// A line of `show --drops -f json`.
  private struct ShownDrop: Decodable {
    var place: String
    var reason: String
    var frames: Int
  }

  private func drops(_ cloud: TestInstallation, _ name: String) throws -> [String: [String: Int]] {
    let rows = try JSONDecoder().decode(
      [ShownDrop].self, from: Data(cloud.succeed("show", name, "--drops", "-f", "json").utf8))
    return rows.reduce(into: [:]) { $0[$1.place, default: [:]][$1.reason] = $1.frames }
  }

  private func listen(_ cloud: TestInstallation, _ name: String, _ nodes: [String]) throws -> [Capture] {
    let pids = try cloud.processesByNode(name)
    return try nodes.map { node in
      let pid = try #require(pids[node])
      return try Capture(
        "\(name)/\(node)", namespace: "/proc/\(pid)/ns/net", interface: "eth0", folder: cloud.folder)
    }
  }

  private func script(_ cloud: TestInstallation, _ node: String, _ text: String, _ arguments: [String] = []) throws
    -> String
  {
    let run = try cloud.run(["exec", "alice", node, "--", "/usr/bin/python3", "-c", Self.tools + text] + arguments)
    try #require(run.status == 0, "\(run.error)")
    return run.output
  }

  /// What a machine says of others, or to the devices below it, is counted at its port and reaches nobody.
  @Test(arguments: ["trunk", "vxlan"])
  func hostileMachinesAreHeld(core: String) throws {
    let substrate = Files.twoSites().replacingOccurrences(of: "core: trunk", with: "core: \(core)")
    try TestInstallation.with(substrate: substrate) { cloud in
      try cloud.up(Files.lan("alice", 3, sites: ["east", "west"]))
      try cloud.up(Files.lan("bob", 2, sites: ["east", "west"]))
      #expect(try cloud.reaches("alice", "m1", "m2"))
      let neighbours = try listen(cloud, "alice", ["m2", "m3"])
      let strangers = try listen(cloud, "bob", ["m1", "m2"])
      let host = try Capture("the host", namespace: "/proc/self/ns/net", interface: "any", folder: cloud.folder)
      let victim = try #require(try cloud.rows("alice").first { $0.node == "m2" }?.mac)

      #expect(try script(cloud, "m1", Self.attacks, [victim] + deviceAddresses(cloud)) == "silence\n")
      #expect(try Wait.until(seconds: 5) { neighbours.allSatisfy { $0.hasSeen("last") } })
      for capture in neighbours {
        let proofs = try capture.stop().compactMap { Frame.proof(in: $0) }
        #expect(Set(proofs) == ["flood", "last"], "at \(capture.place)")
        // A tenth of a second's worth at once, and what came due meanwhile.
        let flooded = proofs.filter { $0 == "flood" }.count
        #expect((500...5000).contains(flooded), "\(flooded) at \(capture.place)")
      }
      for capture in strangers + [host] {
        #expect(try capture.stop().compactMap { Frame.proof(in: $0) } == [], "at \(capture.place)")
      }
      let counted = try drops(cloud, "alice")
      let own = counted["m1:eth0"] ?? [:]
      for (reason, frames) in [
        "guest-foreign-arp": 2, "guest-foreign-address": 11, "guest-foreign-neighbour": 1,
        "guest-router-advertisement": 2, "guest-dhcp-server": 3, "guest-foreign-source": 1, "guest-tagged": 1,
        "guest-control-frame": 1, "guest-header-chain": 1,
      ] {
        #expect(own[reason] == frames, "\(reason): \(own)")
      }
      #expect((own["guest-storm"] ?? 0) > 1000 && counted["m2:eth0"] == nil && counted["m3:eth0"] == nil, "\(counted)")
      #expect(try drops(cloud, "bob").isEmpty)
      for target in ["10.9.0.2", "10.9.0.3", "fd00:9::2"] { #expect(try cloud.reaches("alice", "m1", target)) }

      // With an address of its own choice it is alone, and with the old one back.
      let change = """
        old=$(ip -br link show eth0 | awk '{print $3}')
        ip link set eth0 address 02:12:34:56:78:9a && ! ping -q -c 2 -i 0.2 -W 0.3 10.9.0.3 || exit 9
        ip link set eth0 address $old
        """
      let changed = try cloud.shell("alice", "m1", change)
      #expect(changed.status == 0, "\(changed)")
      #expect(try drops(cloud, "alice")["m1:eth0"]?["guest-foreign-source"] ?? 0 > 1)
      #expect(try cloud.reaches("alice", "m1", "10.9.0.3"))
    }
  }

  /// Every address of a bridge or cable of the devices below the machines.
  private func deviceAddresses(_ cloud: TestInstallation) throws -> [String] {
    let namespaces = try cloud.devices().values
    return try Set(
      namespaces.flatMap { namespace in
        try NetworkNamespace.open(named: namespace).netlink().links().compactMap { $0.mac?.description }
      }
    ).filter { $0 != "00:00:00:00:00:00" }.sorted()
  }

  /// Guards change while machines run.
  @Test func guardsChangeWhileMachinesRun() throws {
    try TestInstallation.with(substrate: Files.twoSites()) { cloud in
      try cloud.up(Files.lan("alice", 3, sites: ["east", "west"]))
      #expect(try cloud.reaches("alice", "m1", "m2"))
      func arrivals(_ text: String, _ arguments: String...) throws -> [[String]] {
        let captures = try listen(cloud, "alice", ["m2", "m3"])
        _ = try script(cloud, "m1", text, arguments)
        #expect(try Wait.until(seconds: 5) { captures.allSatisfy { $0.hasSeen("last") } })
        return try captures.map { try $0.stop().compactMap { Frame.proof(in: $0) }.filter { $0 != "last" } }
      }
      func dropped(_ reason: String) throws -> Int { try drops(cloud, "alice")["m1:eth0"]?[reason] ?? 0 }
      #expect(try arrivals(Self.stations) == [[], []])
      #expect(try dropped("guest-foreign-source") == 70)

      try cloud.succeed("set", "alice", "segment/lan", "guard=none")
      // One of the 64 is the machine's own address.
      let passed = try arrivals(Self.stations)
      #expect(passed == Array(repeating: (0..<63).map { "station-\($0)" }, count: 2))
      #expect(try dropped("guest-foreign-source") == 70 && dropped("guest-mac-limit") == 7)

      try cloud.succeed("set", "alice", "segment/lan", "storm=100")
      let held = try arrivals(Self.flood, "1000").map(\.count)
      #expect(held.allSatisfy { (10...400).contains($0) }, "\(held)")
      let storm = try dropped("guest-storm")
      #expect(storm >= 600)
      try cloud.succeed("set", "alice", "segment/lan", "storm=0")
      let free = try arrivals(Self.flood, "1000").map(\.count)
      #expect(free == [1000, 1000])
      #expect(try dropped("guest-storm") == storm)

      try cloud.succeed("set", "alice", "segment/lan", "guard=addresses")
      #expect(try arrivals(Self.stations) == [[], []])
      #expect(try dropped("guest-foreign-source") == 140)
      #expect(try cloud.reaches("alice", "m1", "m2"))
    }
  }

  /// What the scripts have in common.
  private static let tools = """
    import socket, struct, sys, time
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    s.bind(('eth0', 0))
    own, everybody = s.getsockname()[4], b'\\xff' * 6
    def proof(case): return b'PROOF-' + case.encode() + b';'
    def send(kind, body, to=everybody, source=own):
        s.send(to + source + struct.pack('!H', kind) + body.ljust(60, b'.'))
    def last():
        time.sleep(0.3)
        for _ in range(3): send(0x88b5, proof('last'))

    """

  private static let stations = """
    send(0x88b5, b'')
    for i in range(70): send(0x88b5, proof('station-%d' % i), source=b'\\x0a\\0\\0\\0\\0' + bytes([i]))
    last()
    """

  private static let flood = """
    for i in range(int(sys.argv[1])): send(0x88b5, proof('flood'))
    last()
    """

  /// Arguments: a neighbour's MAC address, and those of the devices below.
  private static let attacks = """
    victim, *devices = (bytes.fromhex(a.replace(':', '')) for a in sys.argv[1:])
    v4, v6 = socket.inet_aton, lambda text: socket.inet_pton(socket.AF_INET6, text)
    link = v6('fe80::')[:8] + bytes([own[0] ^ 2]) + own[1:3] + b'\\xff\\xfe' + own[3:]
    def checksum(data):
        total = sum(struct.unpack('!%dH' % (len(data) // 2), data))
        total = (total & 0xffff) + (total >> 16)
        return ~((total & 0xffff) + (total >> 16)) & 0xffff
    def ip(source, to, number, body):
        head = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(body), 1, 0, 64, number, 0) + v4(source) + v4(to)
        return head[:10] + struct.pack('!H', checksum(head)) + head[12:] + body
    def udp(source, to, body): return struct.pack('!HHHH', source, to, 8 + len(body), 0) + body
    def ip6(source, number, body): return struct.pack('!IHBB', 6 << 28, len(body), number, 255) + source + v6('ff02::1') + body
    def arp(kind, sender, case):
        return struct.pack('!HHBBH', 1, 0x800, 6, 4, kind) + own + v4(sender) + b'\\0' * 6 + v4('10.9.0.3') + proof(case)
    def icmp6(kind, target): return struct.pack('!BBHI', kind, 0, 0, 0x20000000) + target

    send(0x806, arp(2, '10.9.0.2', 'arp-reply'))
    send(0x806, arp(1, '10.9.0.2', 'arp-request'), victim)
    send(0x86dd, ip6(link, 58, icmp6(134, proof('router'))))
    send(0x86dd, ip6(link, 0, b'\\x3a\\0\\1\\4\\0\\0\\0\\0' + icmp6(134, proof('hidden-router'))))
    send(0x86dd, ip6(link, 44, b'\\x3a\\0\\0\\1\\0\\0\\0\\0' + icmp6(134, proof('cut-router'))))
    send(0x86dd, ip6(link, 58, icmp6(136, v6('fd00:9::2') + proof('neighbour'))))
    send(0x800, ip('10.9.0.1', '255.255.255.255', 17, udp(67, 68, proof('dhcp'))))
    send(0x800, ip('10.9.0.1', '255.255.255.255', 17, udp(9067, 68, proof('dhcp-odd'))))
    send(0x86dd, ip6(link, 17, udp(547, 546, proof('dhcp6'))))
    send(0x800, ip('10.9.0.2', '10.9.0.3', 17, udp(9, 9, proof('address'))))
    send(0x86dd, ip6(v6('fd00:9::2'), 17, udp(9, 9, proof('address6'))))
    send(0x88b5, proof('source'), source=victim)
    send(0x8100, struct.pack('!HH', 10, 0x88b5) + proof('tag'))
    send(0x26, proof('bridge'), bytes.fromhex('0180c2000000'))

    # To every device below, for every host's address, and every low network identifier.
    inner = everybody + own + struct.pack('!H', 0x88b5) + proof('inner').ljust(60, b'.')
    hosts = ['100.64.0.%d' % i for i in range(8)]
    for number, host in enumerate(hosts):
        under = b'\\x02\\x57' + v4(host)
        for to in devices + [under]:
            if to == own or to == victim: continue
            send(0x88b5, proof('device'), to)
            send(0x800, ip('10.9.0.1', host, 1, b'\\x08\\0' + struct.pack('!HHH', 0xf7ff, 0, 0)), to)
        for vni in list(range(32)) + [0xffffff]:
            body = udp(50000, 4789, struct.pack('!II', 0x08000000, vni << 8) + inner)
            send(0x800, ip('10.9.0.1', host, 17, body), under)
        send(0x800, ip('100.64.0.%d' % (9 - number), host, 17, body), under)
    send(0x800, ip('100.64.0.1', '10.9.0.3', 17, udp(9, 9, proof('tunnel'))))

    time.sleep(0.3)
    for i in range(6000): send(0x88b5, proof('flood'))
    last()
    s.setblocking(False)
    answers = set()
    try:
        while True:
            frame, (_, _, kind, _, _) = s.recvfrom(2048)
            if kind != 4 and frame[12:14] == b'\\x08\\0' and frame[26:28] == b'\\x64\\x40': answers.add(frame[26:30])
    except BlockingIOError: pass
    print(sorted(answers) or 'silence')
    """
}
