import Foundation
import Glibc
import Testing

extension EndToEnd {
  /// Two machines on a segment and a wire.
  private static let lab = """
    name: lab
    nodes:
      a: {cpu: 0.05, memory: 64MiB}
      b: {cpu: 0.05, memory: 64MiB}
    segments:
      lan: {members: [a, b], addresses: 10.9.0.0/24}
    wires:
      - {ends: [a, b], name: cable}

    """

  /// A segment into a file that an interrupt leaves whole, and that tcpdump reads.
  @Test func captureOfASegmentIsWhole() throws {
    try TestInstallation.with { cloud in
      try cloud.up(Self.lab)
      let capture = try cloud.start(["capture", "lab", "lan", "--filter", "icmp", "-w", "it"])
      try Wait.until(seconds: 10) { try capture.error.contains("capturing at a:eth0, b:eth0") }
      #expect(try cloud.exec("lab", "a", "ping", "-q", "-c", "3", "-i", "0.2", "-s", "9000", "10.9.0.2").status == 0)
      capture.signal(SIGINT)
      let run = try capture.wait()
      #expect(run.status == 0 && run.output == "", "\(run)")
      let read = try CommandRun.run(
        ["/usr/bin/tcpdump", "-n", "-Z", "root", "-r", cloud.folder + "/it"])
      let lines = read.output.split(separator: "\n")
      #expect(read.status == 0, "\(read.error)")
      // Each of the fragments at both ends, there and back.
      #expect(lines.count == 3 * 7 * 4, "\(read.output)")
      #expect(run.error.contains("\(lines.count) captured, 0 dropped by the kernel"), "\(run.error)")
      // The whole names of the interfaces are in it.
      let bytes = try #require(FileManager.default.contents(atPath: cloud.folder + "/it"))
      for name in ["a:eth0", "b:eth0"] { #expect(bytes.range(of: Data(name.utf8)) != nil) }
    }
  }

  /// To a pipe it is pcap, and with `-f json` an object a line.
  @Test func captureOfAnInterface() throws {
    try TestInstallation.with { cloud in
      try cloud.up(Self.lab)
      let json = try cloud.start(["capture", "lab", "a:eth0", "--filter", "icmp", "--count", "2", "-f", "json"])
      let script = "\"$0\" capture lab b:eth0 --filter 'icmp[0] == 8' --count 1 | tcpdump -n -r -"
      let pipe = try CommandRun.Running(
        ["/bin/sh", "-c", script, TestInstallation.program], environment: ["VIRTCLOUD_STATE": cloud.state])
      for running in [json, pipe] { try Wait.until(seconds: 10) { try running.error.contains("capturing at") } }
      #expect(try cloud.reaches("lab", "a", "10.9.0.2"))
      let read = try pipe.wait()
      #expect(read.output.contains("10.9.0.1 > 10.9.0.2: ICMP echo request"), "\(read)")
      let run = try json.wait()
      let objects = try run.output.split(separator: "\n").map {
        try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
      }
      #expect(objects.map { $0["source"] as? String } == ["10.9.0.1", "10.9.0.2"], "\(run)")
      #expect(objects.map { $0["interface"] as? String } == ["a:eth0", "a:eth0"])
    }
  }

  /// A machine that ends is let go of, so that it can be built anew while the rest is still listened to.
  @Test func captureLetsGoOfAMachineThatEnds() throws {
    try TestInstallation.with { cloud in
      try cloud.up(Self.lab)
      let capture = try cloud.start(["capture", "lab", "lan", "-w", "it"])
      try Wait.until(seconds: 10) { try capture.error.contains("capturing at") }
      let shown = try cloud.machines().values.flatMap(\.values)
      let pid = try #require(shown.first)
      kill(pid, SIGKILL)
      let hasSaid = try Wait.until(seconds: 10) { try capture.error.contains(":eth0 has gone: ") }
      #expect(hasSaid)
      try cloud.up(Self.lab)
      #expect(try cloud.reaches("lab", "a", "10.9.0.2"))
      capture.signal(SIGTERM)
      let run = try capture.wait()
      #expect(run.status == 0, "\(run)")
      let read = try CommandRun.run(["/usr/bin/tcpdump", "-n", "-Z", "root", "-r", cloud.folder + "/it", "icmp"])
      #expect(read.status == 0 && read.output.contains("ICMP echo request"), "\(read)")
    }
  }

  @Test func captureSaysWhatIsWrong() throws {
    try TestInstallation.with { cloud in
      try cloud.up(Self.lab)
      func fails(_ status: Int32, _ words: [String], _ arguments: String...) throws {
        let run = try cloud.run(["capture"] + arguments)
        #expect(run.status == status, "\(arguments): \(run)")
        for word in words { #expect(run.error.contains(word), "\(run.error)") }
      }
      try fails(4, ["nothing-to-capture", "lan, cable", "a:eth0, a:eth1, b:eth0, b:eth1"], "lab", "a:eth7")
      try fails(4, ["nothing-to-capture"], "lab", "wire")
      try fails(4, ["no-such-infrastructure"], "bal", "lan")
      try fails(2, ["bad-filter", "syntax error"], "lab", "lan", "--filter", "tpc", "-w", "new")
      #expect(access(cloud.folder + "/new", F_OK) != 0)
      try cloud.write("precious", to: "old")
      try fails(1, ["file-exists", "--force"], "lab", "lan", "-w", "old")
      try fails(2, ["two-outputs"], "lab", "lan", "-w", "-", "-f", "json")
      try fails(2, ["bad-format"], "lab", "lan", "-f", "csv")
      try fails(2, ["out-of-bounds"], "lab", "lan", "--snaplen", "0")
      for pid in try cloud.machines().values.flatMap(\.values) { kill(pid, SIGKILL) }
      try Wait.until(seconds: 5) { try cloud.machines().isEmpty }
      try fails(1, ["node-not-running", "a, b"], "lab", "cable")
      try fails(1, ["node-not-running"], "lab", "b:eth0")
    }
  }
}
