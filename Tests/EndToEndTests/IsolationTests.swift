import Glibc
import Linux
import Testing

extension EndToEnd {
  /// Nothing that a guest makes by hand reaches a stranger, the host or another trunk.
  @Test func rawFramesStayInside() throws {
    try TestInstallation.with(substrate: Files.twoSites()) { cloud in
      try cloud.up(Files.lan("alice", 3, sites: ["east", "west"]))
      try cloud.up(Files.lan("bob", 3, sites: ["east", "west"]))
      let alice = try cloud.rows("alice")
      let bob = try cloud.rows("bob")
      let own = try #require(alice.first { $0.node == "m1" })
      let stranger = try #require(bob.first { $0.node == "m2" })
      let neighbour = try #require(alice.first { $0.node == "m2" })
      #expect(own.vlan != stranger.vlan)
      #expect(Set((alice + bob).compactMap(\.mac)).count == alice.count + bob.count)

      let captures = try listen(cloud)
      for _ in 0..<2 {
        let sent = try cloud.exec(
          "alice", "m1", "/usr/bin/python3", "-c", Self.sender, own.mac ?? "", neighbour.mac ?? "",
          stranger.mac ?? "", "\(own.vlan ?? 0)", "\(stranger.vlan ?? 0)")
        try #require(sent.status == 0, "\(sent.error)")
      }
      // The last frame of all is a legitimate one: where it has arrived, the earlier ones had their chance.
      let last = captures.filter { $0.place.hasPrefix("alice/") }
      #expect(try Wait.until(seconds: 5) { last.allSatisfy { $0.hasSeen("last") } })
      try proveTheOthersListen(cloud, captures)
      try judge(captures, own: own.vlan ?? 0, other: stranger.vlan ?? 0)
    }
  }

  /// On every machine, every cable, and in the host's own namespace.
  private func listen(_ cloud: TestInstallation) throws -> [Capture] {
    var captures: [Capture] = []
    for pid in try cloud.machines().values.flatMap(\.values) {
      // A machine's init calls itself "virtcloud: infrastructure/node".
      let title = try TemporaryFolder.read("/proc/\(pid)/cmdline").prefix { $0 != "\0" }.dropFirst(11)
      captures.append(
        try Capture(String(title), namespace: "/proc/\(pid)/ns/net", interface: "eth0", folder: cloud.folder))
    }
    for (device, namespace) in try cloud.devices() {
      let links = try NetworkNamespace.open(named: namespace).netlink().links()
      for link in links where (link.alias ?? "").hasPrefix("virtcloud cable") {
        captures.append(
          try Capture(
            "cable \(link.name) of \(device)", namespace: "/run/netns/\(namespace)", interface: link.name,
            folder: cloud.folder))
      }
    }
    captures.append(
      try Capture("the host", namespace: "/proc/self/ns/net", interface: "any", folder: cloud.folder))
    return captures
  }

  /// What hears nothing proves nothing: each of the other places is made to hear a frame of its own.
  private func proveTheOthersListen(_ cloud: TestInstallation, _ captures: [Capture]) throws {
    let script = """
      import socket
      s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
      s.bind(('eth0', 0))
      s.send(b'\\xff' * 6 + s.getsockname()[4] + b'\\x88\\xb5PROOF-bob;'.ljust(80, b'.'))
      """
    let sent = try cloud.exec("bob", "m1", "/usr/bin/python3", "-c", script)
    try #require(sent.status == 0, "\(sent.error)")
    _ = try CommandRun.run(["bash", "-c", "echo 'PROOF-host;' > /dev/udp/127.0.0.1/9"])
    let others = captures.filter { $0.place.hasPrefix("bob/") }
    #expect(others.count == 3)
    #expect(try Wait.until(seconds: 5) { others.allSatisfy { $0.hasSeen("bob") } })
    let host = captures.filter { $0.place == "the host" }
    #expect(try Wait.until(seconds: 5) { host.allSatisfy { $0.hasSeen("host") } })
  }

  private func judge(_ captures: [Capture], own: Int, other: Int) throws {
    let legitimate: Set = ["broadcast", "all-nodes", "neighbour", "stranger-mac", "last"]
    for capture in captures {
      let proofs = try capture.stop().compactMap { frame in Frame.proof(in: frame).map { ($0, Frame(frame).vlans) } }
      let seen = Set(proofs.map(\.0))
      switch capture.place {
      case let place where place.hasPrefix("bob/"): #expect(seen == ["bob"], "at \(capture.place)")
      case "the host": #expect(seen == ["host"], "at \(capture.place)")
      case let place where place.hasPrefix("cable"):
        #expect(seen.isSubset(of: legitimate.union(["bob"])), "at \(capture.place)")
        #expect(proofs.allSatisfy { $0.1 == [$0.0 == "bob" ? other : own] }, "at \(capture.place)")
      case let place where place.hasSuffix("/m1"):
        break  // The sender sees what it sends.
      default:
        #expect(seen.isSubset(of: legitimate), "at \(capture.place)")
        #expect(seen.isSuperset(of: legitimate.subtracting(["neighbour", "stranger-mac"])), "at \(capture.place)")
        #expect(proofs.allSatisfy { $0.1 == [] }, "at \(capture.place)")
      }
    }
  }

  /// Sends a frame a case; arguments: own address, a neighbour's, a stranger's, own VID, the stranger's VID.
  private static let sender = """
    import socket, struct, sys
    own, near, far = (bytes.fromhex(a.replace(':', '')) for a in sys.argv[1:4])
    vlan, other = map(int, sys.argv[4:6])
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
    s.bind(('eth0', 0))
    all_ = b'\\xff' * 6
    def send(case, to=all_, source=own, tags=b'', kind=0x88b5, before=b''):
        body = before + b'PROOF-' + case.encode() + b';'
        s.send(to + source + tags + struct.pack('!H', kind) + body.ljust(80, b'.'))
    def tag(kind, vid): return struct.pack('!HH', kind, vid)
    def ipv6(kind): return struct.pack('!IHBB', 0x60000000, 80, 58, 255) + bytes.fromhex('fe80' + '0' * 27 + '1') \\
        + bytes.fromhex('ff02' + '0' * 27 + '1') + struct.pack('!BBHI', kind, 0, 0, 0)
    nodes = bytes.fromhex('333300000001')
    for name, to in (('all', all_), ('near', near), ('far', far)):
        for vid in sorted({0, 1, vlan, other}):
            send('q-%s-%d' % (name, vid), to, tags=tag(0x8100, vid))
            send('ad-%s-%d' % (name, vid), to, tags=tag(0x88a8, vid))
            send('old-%s-%d' % (name, vid), to, tags=tag(0x9100, vid))
            for outer in (0x8100, 0x88a8):
                send('double-%s-%d-%x' % (name, vid, outer), to, tags=tag(outer, vlan) + tag(0x8100, vid))
                send('crossed-%s-%d-%x' % (name, vid, outer), to, tags=tag(outer, other) + tag(0x8100, vid))
            send('triple-%s-%d' % (name, vid), to, tags=(tag(0x88a8, vlan) + tag(0x8100, vid)) + tag(0x8100, other))
    for name, source in (('near', near), ('far', far), ('none', b'\\0' * 6), ('group', nodes), ('all', all_),
                         ('random', bytes.fromhex('0a1b2c3d4e5f'))):
        send('source-' + name, source=source)
        send('source-' + name + '-far', far, source=source)
    for last in (0x00, 0x01, 0x02, 0x03, 0x0e, 0x0f):
        send('control-%x' % last, bytes.fromhex('0180c20000%02x' % last), kind=0x0026 if last == 0 else 0x88b5)
    send('broadcast')
    send('all-nodes', nodes)
    send('router-advertisement', nodes, kind=0x86dd, before=ipv6(134))
    send('neighbour', near)
    send('stranger-mac', far)
    send('last')
    """

  /// A guest finds neither VirtCloud's files nor any address of the host; and legitimate traffic passes.
  @Test func guestsSeeOnlyTheirSegment() throws {
    try TestInstallation.with(substrate: Files.twoSites()) { cloud in
      try cloud.up(Files.lan("alice", 2, sites: ["east", "west"]))
      try cloud.up(Files.lan("bob", 3, sites: ["east", "west"]))
      #expect(try cloud.exec("alice", "m1", "ping", "-6", "-q", "-c", "1", "-w", "4", "fd00:9::2").status == 0)
      // The third address is bob's only.
      #expect(try cloud.reaches("bob", "m1", "10.9.0.3"))
      #expect(try cloud.exec("alice", "m1", "ping", "-q", "-c", "2", "-i", "0.2", "-W", "1", "10.9.0.3").status != 0)
      for path in [
        "\(cloud.state)/state.db", "\(cloud.runFolder)/lock", cloud.socketPath,
        "/run/netns/\(try cloud.devices()["east"] ?? "")",
      ] {
        #expect(access(path, F_OK) == 0, "\(path)")
        #expect(try cloud.exec("alice", "m1", "cat", path).status != 0, "\(path)")
        let written = try cloud.shell("alice", "m1", "echo x >> \(path)")
        #expect(written.status != 0, "\(path)")
      }
      for address in try hostAddresses() {
        let ping = try cloud.exec("alice", "m1", "ping", "-q", "-c", "1", "-W", "1", address)
        #expect(ping.status != 0, "the host's \(address) answered")
      }
    }
  }

  private func hostAddresses() throws -> [String] {
    let run = try CommandRun.run(["ip", "-o", "addr", "show", "scope", "global"])
    return run.output.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      guard let at = words.firstIndex(where: { $0 == "inet" || $0 == "inet6" }) else { return nil }
      return words[at + 1].split(separator: "/").first.map(String.init)
    }
  }

  /// What crosses an emulated core link bears the tag that `substrate vlans` tells.
  @Test func coreLinksCarryTags() throws {
    try TestInstallation.with(substrate: Files.twoSites()) { cloud in
      try cloud.up(Files.lan("alice", 2, sites: ["east", "west"]))
      let held = try cloud.vlans().filter { $0.infrastructure == "alice" }
      #expect(Set(held.map(\.site)) == ["east", "west"] && Set(held.map(\.vlan)).count == 1)
      let namespace = try #require(try cloud.devices()["east"])
      let links = try NetworkNamespace.open(named: namespace).netlink().links()
      let link = try #require(links.first { ($0.alias ?? "").contains("core east - west") })
      let capture = try Capture(
        "core", namespace: "/run/netns/\(namespace)", interface: link.name, folder: cloud.folder)
      #expect(try cloud.reaches("alice", "m1", "m2"))
      try Wait.until(seconds: 3) { !capture.frames.isEmpty }
      let tags = try capture.stop().map { Frame($0).vlans }
      #expect(!tags.isEmpty && tags.allSatisfy { $0 == [held[0].vlan] })
    }
  }

  /// Where two sites have no VLAN in common, each has its own, and frames are translated on the way.
  @Test func tagsAreTranslatedWhereNoneIsCommon() throws {
    try TestInstallation.with(substrate: Files.twoSites(vlans: ["10-19", "20-29"])) { cloud in
      try cloud.up(Files.lan("alice", 2, sites: ["east", "west"]))
      #expect(Set(try cloud.vlans().map(\.vlan)).count == 2)
      #expect(try cloud.reaches("alice", "m1", "m2"))
    }
  }
}
