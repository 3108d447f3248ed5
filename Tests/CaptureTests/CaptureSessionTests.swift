import Capture
import Glibc
import Linux
import Quantities
import TestSupport
import Testing

@Suite(.serialized, KernelTest.requireRoot) struct CaptureSessionTests {
  /// Captures what `send` sends at the points, until an end is wanted.
  private func packets(
    at points: [CapturePoint], _ options: CaptureOptions = CaptureOptions(), send: () throws -> Void
  ) throws -> ([CapturedPacket], CaptureTally) {
    let session = try CaptureSession(points, options)
    try send()
    let stop = try Pipe()
    try stop.signal()
    var got: [CapturedPacket] = []
    let tally = try session.run(until: stop.readEnd) { got += $0 }
    #expect(tally.captured == got.count)
    return (got, tally)
  }

  private func ports(_ packets: [CapturedPacket]) -> [UInt16?] {
    packets.map { FrameSummary($0.bytes).destinationPort }
  }

  @Test func bothDirectionsAreSeenAtOneInterface() throws {
    let ends = try TwoEnds()
    let there = Frames.datagram(to: 1)
    let back = Frames.datagram(to: 2, Array(repeating: 7, count: 900))
    let (got, tally) = try packets(at: [ends.points[0]]) {
      try ends.send([there], from: ends.near)
      try ends.send([back], from: ends.far)
    }
    #expect(got.map(\.bytes) == [there, back])
    #expect(got.map(\.length) == [there.count, back.count])
    #expect(tally.dropped == [0])
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    let seconds = UInt64(now.tv_sec)
    #expect(got.allSatisfy { (seconds - 60...seconds).contains($0.time / 1_000_000_000) })
  }

  @Test func severalInterfacesAreMergedByTime() throws {
    let ends = try TwoEnds()
    let (got, _) = try packets(at: ends.points) {
      for number in 0..<200 as Range<UInt64> {
        try ends.send([Frames.datagram(to: number)], from: number % 3 == 0 ? ends.near : ends.far)
      }
    }
    #expect(got.count == 400)
    #expect(got.map(\.time) == got.map(\.time).sorted())
    for point in 0..<2 {
      #expect(ports(got.filter { $0.point == point }) == (0..<200).map { UInt16($0) })
    }
  }

  @Test func onlyWhatMatchesIsCaptured() throws {
    let ends = try TwoEnds()
    let (got, _) = try packets(at: ends.points, CaptureOptions(filter: "udp dst port 7 or vlan 5")) {
      let tagged = Frames.ethernet(0x0800, Frames.ipv4(17, Frames.udp(1, 9)), tags: [5])
      try ends.send([Frames.datagram(to: 6), Frames.datagram(to: 7), tagged], from: ends.near)
    }
    #expect(got.count == 4)
    #expect(got.map { FrameSummary($0.bytes).vlans }.filter { $0 == [5] }.count == 2)
  }

  @Test func countAndSnapLength() throws {
    let ends = try TwoEnds()
    let (got, _) = try packets(at: ends.points, CaptureOptions(snapLength: 20, count: 3)) {
      try ends.send((1...5).map { Frames.datagram(to: $0) }, from: ends.near)
    }
    #expect(got.count == 3)
    #expect(got.allSatisfy { $0.bytes == Array(Frames.datagram(to: 1).prefix(20)) && $0.length == 47 })
  }

  @Test func theDurationEndsIt() throws {
    let ends = try TwoEnds()
    let never = try Pipe()
    let session = try CaptureSession(ends.points, CaptureOptions(duration: .milliseconds(300)))
    let begin = ContinuousClock.now
    try ends.send([Frames.datagram(to: 1)], from: ends.near)
    var got: [CapturedPacket] = []
    _ = try session.run(until: never.readEnd) { got += $0 }
    #expect(got.count == 2)
    #expect(ContinuousClock.now - begin < .seconds(60))
  }

  @Test func anInterfaceThatGoesEndsIt() throws {
    let ends = try TwoEnds()
    let session = try CaptureSession(ends.points, CaptureOptions())
    try ends.send([Frames.datagram(to: 1)], from: ends.near)
    var batch = NetlinkBatch()
    try batch.deleteLink(.index(2))
    try ends.near.netlink().commit(batch)
    var (notices, got) = ([String](), 0)
    let never = try Pipe()
    _ = try session.run(until: never.readEnd, notice: { notices.append($0) }) { got += $0.count }
    #expect(notices.map { $0.prefix { $0 != " " } } == ["near:if2", "far:if2"])
    // What a ring still holds when its interface goes may be lost, but nothing comes twice.
    #expect(got <= 2)
  }

  /// The capture ends with the machine and does not keep its namespace.
  @Test func aMachineThatEndsEndsIt() throws {
    let machine = try CapturedMachine()
    let point = CapturePoint(label: "m:lo", interface: "lo", place: .machine(process: machine.process))
    let session = try CaptureSession([point], CaptureOptions())
    machine.end()
    var notices: [String] = []
    let never = try Pipe()
    _ = try session.run(until: never.readEnd, notice: { notices.append($0) }) { _ in }
    #expect(notices == ["m:lo has gone: its machine has ended"])
    #expect(throws: (any Error).self) { try CaptureSession([point], CaptureOptions()) }
  }

  @Test func whatCannotBeListenedOnIsSaid() throws {
    let ends = try TwoEnds()
    let missing = CapturePoint(label: "a:eth9", interface: "eth9", place: .namespace(ends.near))
    #expect { try CaptureSession([missing], CaptureOptions()) } throws: { error in
      (error as? Problem)?.code == "capture-failed" && (error as? Problem)?.message.contains("a:eth9") == true
    }
    // To libpcap `any` is all interfaces of a namespace.
    let any = CapturePoint(label: "a:any", interface: "any", place: .namespace(ends.near))
    #expect { try CaptureSession([any], CaptureOptions()) } throws: { ($0 as? Problem)?.code == "capture-failed" }
    #expect { try CaptureSession(ends.points, CaptureOptions(filter: "tpc port 1")) } throws: { error in
      (error as? Problem)?.code == "bad-filter" && (error as? Problem)?.message.contains("syntax error") == true
    }
  }

  @Test func nothingStaysOpen() throws {
    let ends = try TwoEnds()
    _ = try packets(at: ends.points) {}
    func isCounted(_ target: String) -> Bool { target.hasPrefix("socket") || target.contains("pipe") }
    let before = try Leftovers.openDescriptors().filter(isCounted)
    for _ in 0..<3 { _ = try packets(at: ends.points) {} }
    #expect(try Leftovers.closeAgain(to: before.count, where: isCounted))
  }
}

/// A process in a network namespace of its own, as a machine's init is.
private final class CapturedMachine {
  let process: pid_t

  init() throws {
    let ready = try Pipe()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ready.writer.rawValue, 1)
    var process: pid_t = 0
    let words = ["unshare", "--net", "sh", "-c", "ip link set lo up; echo x; exec sleep 60"]
    let code = ProcessRun.withArguments(words) { argv in
      ProcessRun.withArguments(["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]) {
        posix_spawn(&process, "/usr/bin/unshare", &actions, nil, argv, $0)
      }
    }
    guard code == 0 else { throw SystemError(operation: "run", object: "unshare", errno: code) }
    self.process = process
    var byte: UInt8 = 0
    try check(read(ready.readEnd, &byte, 1), "wait for", "unshare")
  }

  func end() {
    kill(process, SIGKILL)
    waitpid(process, nil, 0)
  }
}
