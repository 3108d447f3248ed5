import CBPF
import Foundation
import Glibc
import Linux
import Quantities

/// The programs and maps of one device, loaded anew or found again.
///
/// Nothing is pinned. All programs of a device are attached to its namespace's `lo` too, which is down and
/// carries nothing: they and their maps live exactly as long as the namespace, and one dump finds them.
final class LoadedPrograms {
  private var programs: [Dataplane.Hook: Program] = [:]
  private var maps: [String: BPFMap] = [:]

  /// A program, held open.
  private final class Program {
    let descriptor: Descriptor
    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
  }

  private static let anchor: UInt32 = 1

  /// The numbers of the programs that are anchored in the socket's namespace.
  static func anchored(in socket: NetlinkSocket) throws -> [Dataplane.Hook: UInt32] {
    let pairs = try socket.filters(on: anchor, .egress).compactMap { filter in
      Dataplane.Hook.allCases.first { $0.priority == filter.priority }.flatMap { hook in
        filter.programID.map { (hook, $0) }
      }
    }
    return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
  }

  /// Opens a role's programs and their maps; nil where one is missing, which is how it looks where anchoring
  /// failed, and then no port has any of them.
  init?(_ role: Dataplane.Role, among anchored: [Dataplane.Hook: UInt32]) throws {
    let ids = role.hooks.compactMap { hook in anchored[hook].map { (hook, $0) } }
    guard ids.count == role.hooks.count else { return nil }
    var mapIDs: Set<UInt32> = []
    for (hook, id) in ids {
      let program = try BPFCall.program(id: id)
      mapIDs.formUnion(try BPFCall.maps(ofProgram: program))
      programs[hook] = Program(program)
    }
    for id in mapIDs {
      let map = try BPFCall.map(id: id)
      maps[map.name] = map
    }
  }

  /// Loads a role and anchors it in the socket's namespace. Needs CAP_BPF and CAP_NET_ADMIN.
  init(loading role: Dataplane.Role, into socket: NetlinkSocket) throws {
    let object = try ProgramObject.load(role)
    for hook in role.hooks { programs[hook] = Program(try object.program(hook)) }
    for name in role.maps { maps[name] = try BPFMap(object.map(name)) }
    var batch = NetlinkBatch()
    try batch.addClassifierHooks(to: Self.anchor, tolerating: .exists)
    for hook in role.hooks {
      try batch.attachFilter(
        to: Self.anchor, .egress, program: try program(hook), name: hook.rawValue, priority: hook.priority)
    }
    try socket.commit(batch)
  }

  /// A program's descriptor, open as long as this value lives.
  func program(_ hook: Dataplane.Hook) throws -> Int32 {
    guard let program = programs[hook] else { throw Self.foreign }
    return program.descriptor.rawValue
  }

  /// A map by its name in the programs' source.
  func map(_ name: String) throws -> BPFMap {
    guard let map = maps[name] else { throw Self.foreign }
    return map
  }

  /// Programs that run in the kernel stay what they were when VirtCloud is replaced by another version.
  static var foreign: Problem {
    Problem(
      .failed, "programs-differ", "The eBPF programs of a device were loaded by another version of VirtCloud.",
      remedy: "Take all infrastructures down ('virtcloud down --all'), then run the command again.")
  }
}
