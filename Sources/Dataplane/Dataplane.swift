import Linux
import Quantities

/// The eBPF half of a device's data plane: what is attached where, and what the programs' tables say.
///
/// Tables are replaced whole, against what the kernel holds: nothing of what is gone stays in them, so a
/// reused interface index never inherits another port's rights. Not thread-safe; one writer a namespace;
/// needs root.
public final class Dataplane {
  private let socket: NetlinkSocket
  private var loaded: [Role: LoadedPrograms] = [:]

  /// Finds what an earlier process loaded in the namespace of `socket`; loads nothing yet.
  ///
  /// - Parameter isNew: true where the namespace was just made, and nothing can be in it.
  public init(socket: NetlinkSocket, isNew: Bool = false) throws {
    self.socket = socket
    if isNew { return }
    let anchored = try LoadedPrograms.anchored(in: socket)
    for role in Role.allCases { loaded[role] = try LoadedPrograms(role, among: anchored) }
  }

  /// What is loaded of a role, if anything is.
  func found(_ role: Role) -> LoadedPrograms? { loaded[role] }

  /// What is loaded of a role; loads it where nothing is.
  func programs(_ role: Role) throws -> LoadedPrograms {
    if let present = loaded[role] { return present }
    let fresh = try LoadedPrograms(loading: role, into: socket)
    loaded[role] = fresh
    return fresh
  }

  /// Appends the requests that attach a program to a link; attaching again replaces it without a gap.
  ///
  /// This value must live until the batch is committed: it holds the program open.
  public func attach(_ hook: Hook, to index: UInt32, in batch: inout NetlinkBatch) throws {
    let program = try programs(hook.role).program(hook)
    try batch.addClassifierHooks(to: index, tolerating: .exists)
    try batch.attachFilter(to: index, hook.direction, program: program, name: hook.rawValue, priority: 1)
  }

  /// Frames dropped since the programs were loaded, by reason; all zero where none are loaded.
  public func drops() throws -> [DropReason: UInt64] {
    var counts = Dictionary(uniqueKeysWithValues: DropReason.allCases.map { ($0, UInt64(0)) })
    for programs in loaded.values {
      let counter = PerCPUCounter(map: try programs.map("drops"))
      do throws(SystemError) {
        for reason in DropReason.allCases { counts[reason, default: 0] += try counter.sum(reason.rawValue) }
      } catch {
        // Fewer reasons than we know.
        throw error.isNotFound ? LoadedPrograms.foreign : error
      }
    }
    return counts
  }

  /// The same, by the reasons' names, such as `guest-tagged`.
  public func counters() throws -> [String: UInt64] {
    Dictionary(uniqueKeysWithValues: try drops().map { ($0.key.code, $0.value) })
  }
}
