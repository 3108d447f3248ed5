import Glibc
import Linux
import Quantities

extension MachineDriver {
  /// Lets an infrastructure's machines run, or gives them no processor time; `cgroup.freeze` (cgroup-v2.rst). Nothing is
  /// done where it is so already, or where the infrastructure has no machines here.
  ///
  /// - Throws: `Problem` of kind `.refused` where the machines' control groups are of version 1.
  public func setFrozen(infrastructure number: UInt32, _ isFrozen: Bool) throws {
    guard layout.isUnified else {
      guard isFrozen else { return }
      throw Problem(
        .refused, "kernel-feature-missing", "Infrastructure \(number) cannot be paused: this host has no cgroup v2.",
        remedy: "Mount cgroup2, or leave it running.")
    }
    let file = "\(folder(layout.hierarchies[0], number))/cgroup.freeze"
    let wanted = isFrozen ? "1" : "0"
    do {
      guard try TextFile.read(file).first.map(String.init) != wanted else { return }
      try TextFile.write(file, wanted)
    } catch { if !error.isNotFound { throw error } }
  }
}
