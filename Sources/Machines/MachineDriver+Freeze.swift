import Glibc
import Linux
import Quantities

extension MachineDriver {
  /// Lets an infrastructure's machines run, or gives them no processor time: `cgroup.freeze` (cgroup-v2.rst), or the
  /// freezer of version 1 (freezer-subsystem.rst). Nothing is done where it is so already, or where the infrastructure
  /// has no machines here.
  ///
  /// - Throws: `Problem` of kind `.refused` where this host has neither.
  public func setFrozen(infrastructure number: UInt32, _ isFrozen: Bool) throws {
    guard layout.isUnified else { return try setFrozenOld(number, isFrozen) }
    let file = "\(folder(layout.hierarchies[0], number))/cgroup.freeze"
    let wanted = isFrozen ? "1" : "0"
    do {
      guard try TextFile.read(file).first.map(String.init) != wanted else { return }
      try TextFile.write(file, wanted)
    } catch { if !error.isNotFound { throw error } }
  }

  /// Each machine by itself: within a frozen group nobody could be let go alone, and so not be ended.
  private func setFrozenOld(_ number: UInt32, _ isFrozen: Bool) throws {
    guard let index = layout.index(of: .freezer) else {
      guard isFrozen else { return }
      throw Problem(
        .refused, "kernel-feature-missing",
        "Infrastructure \(number) cannot be paused: this host has neither cgroup v2 nor the freezer of version 1.",
        remedy: "Mount cgroup2, or leave it running.")
    }
    let folder = self.folder(layout.hierarchies[index], number)
    for key in try Folder.subfolders(tracking(number)) where key != Self.launcher {
      if isFrozen, access("\(folder)/\(key)", F_OK) != 0 { try gather(key, number, into: folder) }
      try write(isFrozen, to: "\(folder)/\(key)")
    }
  }

  /// Lets go what `path` of ours has frozen, a machine or an infrastructure.
  func thaw(_ path: String) throws {
    guard let index = layout.index(of: .freezer) else { return }
    let folder = self.folder(layout.hierarchies[index]) + "/" + path
    for path in try [folder] + Folder.subfolders(folder).map({ folder + "/" + $0 }) { try write(false, to: path) }
  }

  /// What is on its way counts as there: the kernel goes on by itself.
  private func write(_ isFrozen: Bool, to folder: String) throws {
    let file = folder + "/freezer.state"
    do {
      guard try TextFile.read(file).hasPrefix("THAWED") == isFrozen else { return }
      try TextFile.write(file, isFrozen ? "FROZEN" : "THAWED")
    } catch {
      // It ended meanwhile.
      if !error.isNotFound && error.errno != ENODEV { throw error }
    }
  }

  /// Puts a machine that was started before the freezer was there into it.
  private func gather(_ key: String, _ number: UInt32, into folder: String) throws {
    for path in [folder[..<(folder.lastIndex(of: "/") ?? folder.endIndex)].description, folder, "\(folder)/\(key)"] {
      try Folder.make(path)
    }
    let file = "\(folder)/\(key)/cgroup.procs"
    // Who is born while the others are moved comes with the next look; who has moved bears children there.
    for _ in 0..<Self.looks {
      let moved = Set(try processes("\(folder)/\(key)"))
      let left = try processes("\(tracking(number))/\(key)").filter { !moved.contains($0) }
      if left.isEmpty { return }
      for process in left {
        // Who ended meanwhile need not be moved.
        do { try TextFile.write(file, "\(process)") } catch { if error.errno != ESRCH { throw error } }
      }
    }
    throw SystemError(operation: "freeze", object: "\(folder)/\(key)", errno: EAGAIN)
  }

  private static let looks = 1000
}
