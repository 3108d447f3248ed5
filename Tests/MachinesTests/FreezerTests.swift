import Foundation
import Glibc
import Linux
import Quantities
import TestSupport
import Testing

@testable import Machines

/// Pauses real machines, by version 2 of control groups and by version 1 alone.
@Suite(KernelTest.requireRoot, .serialized)
struct FreezerTests {
  private let number = UInt32.random(in: 20000...32767)

  /// What the kernel has, or what it would have without cgroup2; nil where it has no such freezer.
  private static func layout(ofVersion version: Int, withFreezer: Bool = true) throws -> CgroupLayout? {
    let text = try TextFile.read("/proc/self/mountinfo")
    guard version == 1 else {
      let layout = try CgroupLayout.detect()
      return layout.isUnified ? layout : nil
    }
    let old = text.split(separator: "\n").filter { line in
      !line.contains("- cgroup2 ") && (withFreezer || !line.contains("freezer"))
    }
    let layout = CgroupLayout(mountinfo: old.joined(separator: "\n")) { _ in "" }
    let isComplete = layout.lacking.isEmpty || !withFreezer && layout.lacking == [.freezer]
    return isComplete ? layout : nil
  }

  private func driver(_ layout: CgroupLayout) throws -> MachineDriver {
    let name = "vc-freezer-\(getpid())"
    return try MachineDriver(name, "/tmp/\(name)", "/tmp/\(name)-cache", layout: layout)
  }

  private func spec(_ key: String) -> MachineSpec {
    MachineSpec(
      label: "test/\(key)", key: key, hostname: key, cpu: Cores(thousandths: 500), memory: ByteCount(bytes: 64 << 20),
      isRouter: false)
  }

  /// Launches machines that never rest, and ends everything.
  private func withBusy(_ keys: [String], _ driver: MachineDriver, _ body: () throws -> Void) throws {
    defer {
      try? driver.kill(infrastructure: number)
      try? driver.removeEmptyFolders()
      for path in [driver.runFolder, driver.cacheFolder] { try? FileManager.default.removeItem(atPath: path) }
    }
    try driver.writeHosts(infrastructure: number, "")
    for key in keys { try launch(key, driver) }
    try body()
  }

  private func launch(_ key: String, _ driver: MachineDriver) throws {
    var process: pid_t = 0
    try driver.launch([spec(key)], infrastructure: number) { process = $1 }
    _ = try driver.begin(
      machine: key, infrastructure: number, process: process, hostname: key,
      arguments: ["sh", "-c", "(while :; do :; done) > /dev/null 2>&1 & sleep 0.1"]
    ).finish()
  }

  /// Ticks of processor time that a machine has used (proc_pid_stat(5)).
  private func ticks(_ key: String, _ driver: MachineDriver) throws -> Int {
    try driver.processes("\(driver.tracking(number))/\(key)").reduce(0) { sum, process in
      let fields = try TextFile.read("/proc/\(process)/stat").split(separator: ")").last?.split(separator: " ") ?? []
      return sum + (Int(fields[11]) ?? 0) + (Int(fields[12]) ?? 0)
    }
  }

  private func isRunning(_ key: String, _ driver: MachineDriver) throws -> Bool {
    let before = try ticks(key, driver)
    for _ in 0..<300 {
      usleep(10_000)
      if try ticks(key, driver) > before { return true }
    }
    return false
  }

  /// No time is used between two looks half a second apart, soon.
  private func isStill(_ key: String, _ driver: MachineDriver) throws -> Bool {
    for _ in 0..<20 {
      let before = try ticks(key, driver)
      usleep(500_000)
      if try ticks(key, driver) == before { return true }
    }
    return false
  }

  @Test(arguments: [1, 2]) func pausesAndResumes(_ version: Int) throws {
    guard let layout = try Self.layout(ofVersion: version) else { return }
    #expect(layout.isUnified == (version == 2))
    let driver = try driver(layout)
    try withBusy(["a", "b"], driver) {
      #expect(try isRunning("a", driver) && isRunning("b", driver))
      for _ in 0..<2 { try driver.setFrozen(infrastructure: number, true) }
      #expect(try isStill("a", driver) && isStill("b", driver))
      // It is still known for what it is.
      #expect(try driver.running(infrastructure: number).keys.sorted() == ["a", "b"])
      // One may go while the others rest, and another come.
      try driver.kill(machine: "a", infrastructure: number)
      #expect(try driver.running(infrastructure: number).keys.sorted() == ["b"])
      #expect(try isStill("b", driver))
      for _ in 0..<2 { try driver.setFrozen(infrastructure: number, false) }
      #expect(try isRunning("b", driver))
      // What rests can be ended.
      try driver.setFrozen(infrastructure: number, true)
      try driver.kill(infrastructure: number)
      #expect(try driver.infrastructures().contains(number) == false)
    }
  }

  /// A machine of before there was a freezer: it can be used, paused, and resumed.
  @Test func machinesOfBeforeArePaused() throws {
    guard let before = try Self.layout(ofVersion: 1, withFreezer: false),
      let layout = try Self.layout(ofVersion: 1)
    else { return }
    let old = try driver(before)
    let problem = #expect(throws: Problem.self) {
      try withBusy(["a"], old) { try old.setFrozen(infrastructure: number, true) }
    }
    #expect(problem?.code == "kernel-feature-missing")
    let driver = try driver(layout)
    try withBusy([], driver) {
      try launch("a", old)
      let process = try #require(try driver.running(infrastructure: number)["a"])
      let program = try driver.begin(
        machine: "a", infrastructure: number, process: process, hostname: "a", arguments: ["true"])
      #expect(try program.finish().status == 0)
      try driver.setFrozen(infrastructure: number, true)
      #expect(try isStill("a", driver))
      try driver.setFrozen(infrastructure: number, false)
      #expect(try isRunning("a", driver))
    }
  }

  /// Where nothing runs there is nothing to do.
  @Test func nothingIsPaused() throws {
    guard let layout = try Self.layout(ofVersion: 1) else { return }
    let driver = try driver(layout)
    try driver.setFrozen(infrastructure: number, true)
    try driver.setFrozen(infrastructure: number, false)
    #expect(try driver.infrastructures().contains(number) == false)
  }
}
