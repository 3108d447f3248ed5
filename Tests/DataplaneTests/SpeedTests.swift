import CBPF
import Foundation
import Glibc
import Linux
import Quantities
import TestSupport
import Testing

@testable import Dataplane

/// Figures, printed; nothing is asserted of them, as the machine may be busy. Run with `MEASURE=1`.
@Suite(
  "Speed of the data plane", KernelTest.requireRoot, .serialized,
  .enabled(if: ProcessInfo.processInfo.environment["MEASURE"] == "1"))
struct SpeedTests {
  private static func milliseconds(_ body: () throws -> Void) rethrows -> Double {
    let time = try ContinuousClock().measure(body)
    return Double(time.components.attoseconds) / 1e15 + Double(time.components.seconds) * 1e3
  }

  private static func summary(_ values: [Double]) -> String {
    let sorted = values.sorted()
    return String(format: "%.3f (%.3f - %.3f)", sorted[sorted.count / 2], sorted[0], sorted[sorted.count - 1])
  }

  @Test("loading, finding again, filling")
  func loading() throws {
    for role in Dataplane.Role.allCases {
      var (load, find) = ([Double](), [Double]())
      for _ in 0..<20 {
        let device = try TestDevice("device")
        load.append(try Self.milliseconds { _ = try device.dataplane.programs(role) })
        find.append(try Self.milliseconds { _ = try Dataplane(socket: device.socket).programs(role) })
      }
      print("\(role): load and verify \(Self.summary(load)) ms, find again \(Self.summary(find)) ms")
      let device = try TestDevice("device")
      print("  maps: \(try Self.memory(role, device.dataplane.programs(role)) >> 10) KiB")
      for hook in role.hooks {
        let info = try Self.information(try device.dataplane.programs(role).program(hook))
        print("  \(hook): \(info.xlated_prog_len / 8) instructions, \(info.verified_insns) verified")
      }
    }
    let device = try TestDevice("host")
    let ports = (2..<1002).map { Dataplane.GuestPort(interface: UInt32($0), mac: MACAddress(rawValue: 2 << 40)) }
    try device.dataplane.setGuests([])
    for (words, table) in [
      ("first port", Array(ports.prefix(1))), ("1,000 ports", ports), ("the same again", ports), ("none", []),
    ] {
      print("  set \(words): \(try Self.milliseconds { try device.dataplane.setGuests(table) }) ms")
    }
  }

  /// What the kernel charges for a role's maps (`memlock` in `/proc/PID/fdinfo`), in bytes.
  private static func memory(_ role: Dataplane.Role, _ programs: LoadedPrograms) throws -> Int {
    try role.maps.reduce(0) { sum, name in
      let path = "/proc/self/fdinfo/\(try programs.map(name).descriptor.rawValue)"
      let line = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").first {
        $0.hasPrefix("memlock")
      }
      return sum + (line.flatMap { Int($0.split(separator: "\t").last ?? "") } ?? 0)
    }
  }

  private static func information(_ program: Int32) throws -> bpf_prog_info {
    var info = bpf_prog_info()
    var length = UInt32(MemoryLayout<bpf_prog_info>.size)
    try check(bpf_obj_get_info_by_fd(program, &info, &length), "inspect", "program")
    return info
  }

  @Test(
    "TCP and round trips between two sites against plain bridges without tags, interleaved",
    arguments: [false, true])
  func traffic(learning: Bool) throws {
    let (sites, bridges) = (try TwoSites([(100, 300, 200)], hasThirdMember: learning), try PlainBridges())
    print(learning ? "domains of three members:" : "domains of two members:")
    let paths = [(sites.left[0], sites.right[0]), (bridges.left, bridges.right)]
    var (tcp, rtt): ([[Double]], [[Double]]) = ([[], []], [[], []])
    for round in 0..<(ProcessInfo.processInfo.environment["ROUNDS"].flatMap { Int($0) } ?? 7) {
      for index in round % 2 == 0 ? [0, 1] : [1, 0] {
        let (left, right) = paths[index]
        tcp[index].append(try Self.throughput(from: left, to: right))
        rtt[index].append(try Self.roundTrip(from: left))
      }
    }
    for (name, index) in [("ours", 0), ("plain bridges", 1)] {
      print("\(name): TCP \(Self.summary(tcp[index])) Gbit/s, round trip p50 \(Self.summary(rtt[index])) us")
    }
    print(
      "ratio: TCP \(Self.summary(zip(tcp[0], tcp[1]).map { $0 / $1 })), RTT \(Self.summary(zip(rtt[0], rtt[1]).map { $0 / $1 }))"
    )
  }

  private static func throughput(from left: TestGuest, to right: TestGuest) throws -> Double {
    let text = try left.transfer(to: right)
    let field = try #require(text.range(of: "\"sum_received\""))
    let rate = try #require(text.range(of: "\"bits_per_second\":", range: field.upperBound..<text.endIndex))
    return try #require(Double(text[rate.upperBound...].prefix { $0 != "," }.trimmingCharacters(in: .whitespaces)))
      / 1e9
  }

  /// The median of 5,000 echoes, in microseconds; ping itself counts in whole ones.
  private static func roundTrip(from left: TestGuest) throws -> Double {
    let echo = try Echo(in: left.device.namespace, to: 0x0a00_0002)
    for _ in 0..<100 { _ = try echo.nanoseconds() }
    let times = try (0..<5000).map { _ in try echo.nanoseconds() }.sorted()
    return Double(times[times.count / 2]) / 1e3
  }
}

/// ICMP echoes to one address (`icmp(7)`), a kernel answering.
private final class Echo {
  private let descriptor: Descriptor

  init(in namespace: NetworkNamespace, to address: UInt32) throws {
    let number = try namespace.perform {
      try check(socket(AF_INET, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), 1), "open", "ICMP socket")
    }
    descriptor = Descriptor(owning: number)
    var target = sockaddr_in()
    target.sin_family = sa_family_t(AF_INET)
    target.sin_addr.s_addr = address.bigEndian
    let connected = withUnsafePointer(to: &target) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(number, $0, 16) }
    }
    try check(connected, "connect", "ICMP socket")
  }

  /// Sends an echo of 8 bytes and waits for its reply.
  func nanoseconds() throws -> UInt64 {
    // Type 8; the checksum is that of a message of zeros otherwise (RFC 792).
    let message: [UInt8] = [8, 0, 0xf7, 0xff, 0, 0, 0, 0]
    var buffer = [UInt8](repeating: 0, count: 256)
    let begin = DispatchTime.now().uptimeNanoseconds
    try check(send(descriptor.rawValue, message, message.count, 0), "send", "echo")
    try check(recv(descriptor.rawValue, &buffer, buffer.count, 0), "receive", "echo")
    return DispatchTime.now().uptimeNanoseconds - begin
  }
}

/// The same path by hand: a bridge a device, no tags, no programs.
private final class PlainBridges {
  let devices: [TestDevice]
  let left: TestGuest
  let right: TestGuest

  init() throws {
    let devices = try (0..<4).map { try TestDevice("bridge \($0)") }
    self.devices = devices
    for device in devices { try device.makeNetwork(100, hasTrunk: false) }
    for (near, far) in zip(devices, devices.dropFirst()) {
      try near.lay(20, to: far, 10)
      try near.commit { batch in try batch.setLink(.index(20), master: 100) }
      try far.commit { batch in try batch.setLink(.index(10), master: 100) }
    }
    left = try TestGuest(devices[0], port: 30, bridge: 100, mac: 0x0200_0000_0001, address: "10.0.0.1/24")
    right = try TestGuest(devices[3], port: 30, bridge: 100, mac: 0x0200_0000_0002, address: "10.0.0.2/24")
  }
}
