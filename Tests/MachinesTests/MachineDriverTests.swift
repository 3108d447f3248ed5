import Foundation
import Glibc
import Linux
import Quantities
import TestSupport
import Testing

@testable import Machines

/// Starts real machines; serial, because times are measured and processes counted.
@Suite(KernelTest.requireRoot, .serialized)
struct MachineDriverTests {
  let driver: MachineDriver
  let number: UInt32 = UInt32.random(in: 20000...32767)

  init() throws {
    driver = try MachineDriver(
      cgroupFolder: "virtcloud-test-\(getpid())", runFolder: "/tmp/vc-test-\(getpid())",
      cacheFolder: "/tmp/vc-test-\(getpid())-cache")
  }

  func spec(_ key: String, memory: UInt64 = 64 << 20, isRouter: Bool = false) -> MachineSpec {
    MachineSpec(
      label: "test/\(key)", key: key, hostname: key, cpu: Cores(thousandths: 500), memory: ByteCount(bytes: memory),
      isRouter: isRouter)
  }

  /// Ends everything; what a test has ended itself is not there any more, which is as good.
  func end() {
    try? driver.kill(infrastructure: number)
    try? driver.removeEmptyFolders()
    for path in [driver.runFolder, driver.cacheFolder] { try? FileManager.default.removeItem(atPath: path) }
  }

  /// Launches, runs the body with the process ids, and ends everything.
  func withMachines(_ specs: [MachineSpec], _ body: ([String: pid_t]) throws -> Void) throws {
    try driver.writeHosts(infrastructure: number, "10.0.0.1 a\n")
    defer { end() }
    var started: [String: pid_t] = [:]
    try driver.launch(specs, infrastructure: number) { started[$0] = $1 }
    #expect(try driver.running()[number] == started)
    try body(started)
    try driver.kill(infrastructure: number)
    #expect(try driver.infrastructures().contains(number) == false)
    for process in started.values { #expect(Glibc.kill(process, 0) != 0 || isZombie(process)) }
  }

  func isZombie(_ process: pid_t) -> Bool {
    (try? TextFile.read("/proc/\(process)/status"))?.contains("State:\tZ") ?? true
  }

  /// Status and standard output of a program in a machine.
  func run(_ process: pid_t, _ arguments: [String], key: String = "a", input: String = "") throws -> (Int32, String) {
    let output = "/tmp/vc-test-\(getpid())-out", source = "/tmp/vc-test-\(getpid())-in"
    try input.write(toFile: source, atomically: false, encoding: .utf8)
    let out = try Descriptor(opening: output, O_RDWR | O_CREAT | O_TRUNC)
    let into = try Descriptor(opening: source, O_RDONLY)
    defer {
      unlink(output)
      unlink(source)
    }
    let status = try driver.exec(
      machine: key, infrastructure: number, process: process, hostname: key, arguments: arguments,
      standard: (into.rawValue, out.rawValue, out.rawValue))
    return (status, try TextFile.read(output))
  }

  @Test func isolatesFromTheHost() throws {
    try withMachines([spec("a"), spec("b", isRouter: true)]) { pids in
      let a = try #require(pids["a"]), b = try #require(pids["b"])
      for kind in ["user", "mnt", "pid", "net", "uts", "ipc", "cgroup"] {
        let host = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/\(kind)")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(a)/ns/\(kind)") != host)
      }
      #expect(try run(a, ["hostname"]) == (0, "a\n"))
      #expect(try run(a, ["cat", "/etc/hosts"]).1.hasSuffix("10.0.0.1 a\n"))
      try driver.writeHosts(infrastructure: number, "10.0.0.2 b\n")
      #expect(try run(a, ["cat", "/etc/hosts"]).1.hasSuffix("10.0.0.2 b\n"))
      #expect(try run(a, ["id", "-u"]) == (0, "0\n"))
      #expect(try run(a, ["touch", "/etc/vc-test"]).0 == 0)
      #expect(access("/etc/vc-test", F_OK) != 0)
      #expect(try run(a, ["cat", "/etc/shadow"]).1 == HostSecrets.shadow)
      #expect(try run(a, ["ls", "-A", "/root", "/home"]).1 == "/home:\n\n/root:\n")
      #expect(try run(a, ["mknod", "/tmp/disk", "b", "254", "0"]).0 != 0)
      #expect(try run(a, ["mount", "/dev/vda", "/mnt"]).0 != 0)
      #expect(try run(a, ["umount", "/etc/hosts"]).0 != 0)
      #expect(try run(a, ["sh", "-c", "echo x > /etc/hosts"]).0 != 0)
      #expect(try run(a, ["sh", "-c", "echo c > /proc/sysrq-trigger"]).0 != 0)
      #expect(try run(a, ["sh", "-c", "ls -d /proc/[0-9]*"]).1.split(separator: "\n").count <= 4)
      #expect(try run(a, ["cat", "/proc/sys/net/ipv4/ip_forward"]).1 == "0\n")
      #expect(try run(b, ["cat", "/proc/sys/net/ipv4/ip_forward"], key: "b").1 == "1\n")
      #expect(try run(a, ["ping", "-c1", "-W1", "127.0.0.1"]).0 == 0)
    }
  }

  @Test func givesExitStatuses() throws {
    try withMachines([spec("a")]) { pids in
      let a = try #require(pids["a"])
      #expect(try run(a, ["true"]).0 == 0)
      #expect(try run(a, ["sh", "-c", "exit 3"]).0 == 3)
      #expect(try run(a, ["no-such-program"]).0 == 127)
      #expect(try run(a, ["/etc/passwd"]).0 == 126)
      #expect(try run(a, ["sh", "-c", "kill -TERM $$"]).0 == 143)
      #expect(try run(a, ["cat"], input: "through\n") == (0, "through\n"))
      // Orphans are PID 1's to reap.
      _ = try run(a, ["sh", "-c", "(sleep 0.05 &) ; exit 0"])
      _ = try run(a, ["sleep", "0.2"])
      #expect(try run(a, ["sh", "-c", "grep -l 'State:.Z' /proc/[0-9]*/status; true"]).1 == "")
    }
  }

  /// What a program says is heard to a limit, and one that does not end is ended.
  @Test func hearsPrograms() throws {
    try withMachines([spec("a")]) { pids in
      let a = try #require(pids["a"])
      func begin(_ script: String, input: String = "") throws -> MachineProgram {
        try driver.begin(
          machine: "a", infrastructure: number, process: a, hostname: "a", arguments: ["sh", "-c", script],
          input: input)
      }
      let text = String(repeating: "line of input\n", count: 20_000)
      #expect(
        try begin("wc -c; echo aside >&2; exit 3", input: text).finish() == .init(status: 3, output: "280000\naside\n"))
      #expect(try begin("kill -9 $$").finish().status == 137)
      #expect(try begin("yes | head -c 1000000").finish().output.utf8.count == 65536)
      let clock = ContinuousClock(), start = clock.now
      // The background one has our output open, and keeps nobody waiting.
      #expect(try begin("sleep 60 & echo now").finish().output == "now\n")
      let error = #expect(throws: SystemError.self) { try begin("exec sleep 61").finish(seconds: 1) }
      #expect(error?.errno == ETIMEDOUT && clock.now - start < .seconds(50))
      #expect(
        try driver.programs(machine: "a", infrastructure: number).mapValues(\.count) == ["vc-init": 1, "sleep": 1])
      try driver.end(programs: ["sleep", "nothing"], machine: "a", infrastructure: number)
      #expect(try driver.programs(machine: "a", infrastructure: number).mapValues(\.count) == ["vc-init": 1])
      let missing = try driver.begin(
        machine: "a", infrastructure: number, process: a, hostname: "a", arguments: ["no-such-program"])
      #expect(try missing.finish().status == 127)
    }
  }

  @Test func keepsNotesAsLongAsTheInfrastructure() throws {
    try withMachines([spec("a")]) { pids in
      let a = try #require(pids["a"])
      #expect(try driver.notes(infrastructure: number).isEmpty)
      try driver.setNotes(["a": "one two", "b": "x"], infrastructure: number)
      #expect(try driver.notes(infrastructure: number) == ["a": "one two", "b": "x"])
      let life = try driver.life(of: a)
      #expect(try driver.life(of: a) == life && life.hasPrefix("\(a)-") && life != driver.life(of: getpid()))
      try driver.kill(infrastructure: number)
      #expect(try driver.notes(infrastructure: number).isEmpty)
    }
  }

  @Test func limitsProcessorTime() throws {
    try withMachines([spec("a")]) { pids in
      let a = try #require(pids["a"])
      let script = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"
      let index = try #require(driver.layout.index(of: .cpu))
      let folder = driver.folder(driver.layout.hierarchies[index], number) + "/a"
      func isThrottled() throws -> Bool { try !TextFile.read(folder + "/cpu.stat").contains("nr_throttled 0\n") }
      // On a busy machine it may get less than its limit for a while.
      for _ in 0..<20 where try !isThrottled() { #expect(try run(a, ["sh", "-c", script]).0 == 0) }
      #expect(try isThrottled())
    }
  }

  @Test func limitsMemory() throws {
    try withMachines([spec("a", memory: 32 << 20)]) { pids in
      let a = try #require(pids["a"])
      #expect(try run(a, ["sh", "-c", "head -c 100m /dev/zero | tail -c 90m > /dev/null"]).0 != 0)
      #expect(try driver.running(infrastructure: number)["a"] == a)
    }
  }

  /// Whenever the launcher dies, `kill` finds what it had started.
  @Test(arguments: [1, 3, 6, 10, 20]) func cleansUpAfterAKilledLauncher(_ machines: Int) throws {
    try driver.writeHosts(infrastructure: number, "")
    defer { end() }
    var count = 0
    // All of them fail, or not: what matters is what is left.
    try? driver.launch((0..<60).map { spec("m\($0)") }, infrastructure: number) { _, _ in
      count += 1
      guard count == machines else { return }
      for process in try driver.processes(driver.tracking(number) + "/launcher") { Glibc.kill(process, SIGKILL) }
    }
    try driver.kill(infrastructure: number)
    #expect(try driver.infrastructures().contains(number) == false)
  }

  @Test func givesATerminal() throws {
    try withMachines([spec("a")]) { pids in
      let a = try #require(pids["a"])
      let status = try driver.exec(
        machine: "a", infrastructure: number, process: a, hostname: "a",
        arguments: ["sh", "-c", "test -t 0 && tty | grep -q /dev/pts && exit 7"], terminal: true)
      #expect(status == 7)
    }
  }

  @Test func startsFromAnArchive() throws {
    let archive = "/tmp/vc-test-\(getpid()).tar"
    try ProcessRun.spawn("/usr/bin/tar", ["tar", "-cf", archive, "-C", "/", "etc/debian_version"])
    defer { unlink(archive) }
    var spec = spec("a")
    spec.image = .archive(archive)
    try withMachines([spec]) { pids in
      let a = try #require(pids["a"])
      #expect(access("/proc/\(a)/root/etc/debian_version", F_OK) == 0)
    }
  }

  @Test func startsFromADirectory() throws {
    let root = "/tmp/vc-test-\(getpid())-root"
    try FileManager.default.createDirectory(atPath: root + "/etc", withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: root) }
    var spec = spec("a")
    spec.image = .directory(root)
    try withMachines([spec]) { pids in
      let a = try #require(pids["a"])
      #expect(try run(a, ["sh"]).0 == 127)
    }
  }

  @Test(arguments: [50, 200, 500]) func startsMany(_ count: Int) throws {
    let clock = ContinuousClock()
    try driver.writeHosts(infrastructure: number, "")
    defer { end() }
    var started: [pid_t] = []
    let up = try clock.measure {
      try driver.launch((0..<count).map { spec("m\($0)") }, infrastructure: number) { started.append($1) }
    }
    #expect(started.count == count)
    var present = 0
    let found = try clock.measure { present = try driver.running(infrastructure: number).count }
    #expect(present == count)
    let pss =
      try TextFile.read("/proc/\(started[count / 2])/smaps_rollup").split(separator: "\n")
      .first { $0.hasPrefix("Pss:") } ?? ""
    let down = try clock.measure { try driver.kill(infrastructure: number) }
    print("machines \(count): up \(up / count) each, find \(found), down \(down / count) each, \(pss)")
  }
}
