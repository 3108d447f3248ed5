import Linux
import Quantities

extension Dataplane {
  /// Makes a table hold these entries.
  ///
  /// - Parameters:
  ///   - keepsOthers: Entries that are not among them stay.
  ///   - keepsOld: An entry that is there with another value keeps it.
  func write<Key: BitwiseCopyable & Hashable, Value: BitwiseCopyable & Equatable>(
    _ name: String, _ role: Role, _ entries: [(Key, Value)], keepsOthers: Bool = false, keepsOld: Bool = false
  ) throws {
    if entries.isEmpty, keepsOthers { return }
    let wanted = try Dictionary(entries) { first, second in
      if first == second { return first }
      throw Problem(
        .failed, "tag-clash", "Two networks were given one place in the table '\(name)' of a device.",
        remedy: "Run 'virtcloud gc', then the command again.")
    }
    try map(name, role).replace(with: wanted, keepsOthers: keepsOthers, keepsOld: keepsOld)
  }

  /// Deletes from a table of the host what is not kept.
  func drop<Key: BitwiseCopyable & Hashable, Value: BitwiseCopyable & Equatable>(
    _ name: String, _: Value.Type, except isKept: (Key) -> Bool
  ) throws {
    let table: HashMap<Key, Value> = try map(name, .host)
    try table.delete(try table.keys().filter { !isKept($0) })
  }

  func dropCounts(_ name: String, except isKept: (PairKey) -> Bool) throws {
    let table: HashMap<PairKey, UInt64> = try map(name, .host, isPerCPU: true)
    try table.delete(try table.keys().filter { !isKept($0) })
  }

  func map<Key, Value>(_ name: String, _ role: Role, isPerCPU: Bool = false) throws -> HashMap<Key, Value> {
    guard let map = HashMap<Key, Value>(try programs(role).map(name), isPerCPU: isPerCPU) else {
      throw LoadedPrograms.foreign
    }
    return map
  }
}
