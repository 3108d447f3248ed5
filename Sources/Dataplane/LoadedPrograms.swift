import CBPF
import Foundation
import Glibc
import Linux
import Quantities
import Synchronization

/// The programs and maps of one device, loaded anew or found again.
///
/// Nothing is pinned. All programs of a device are attached to its namespace's `lo` too, which is down and
/// carries nothing: they and their maps live exactly as long as the namespace, and one dump finds them.
final class LoadedPrograms {
  private(set) var programs: [Dataplane.Hook: Int32] = [:]
  private(set) var maps: [String: Int32] = [:]
  /// Owns what `programs` and `maps` name where this process loaded them.
  private let object: OpaquePointer?
  /// Descriptors to close where they were found.
  private var owned: [Int32] = []

  private static let anchor: UInt32 = 1

  /// Finds what is anchored in the socket's namespace; nil where something is missing, which is how a crash
  /// between loading and anchoring looks.
  init?(anchoredIn socket: NetlinkSocket) throws {
    object = nil
    let filters = try socket.filters(on: Self.anchor, .egress)
    for filter in filters {
      guard let hook = Dataplane.Hook.allCases.first(where: { $0.priority == filter.priority }),
        let id = filter.programID
      else { continue }
      let program = try BPFCall.program(id: id).release()
      owned.append(program)
      programs[hook] = program
      for map in try BPFCall.maps(ofProgram: program) {
        let descriptor = try BPFCall.map(id: map).release()
        owned.append(descriptor)
        maps[try BPFCall.name(ofMap: descriptor)] = descriptor
      }
    }
    guard programs.count == Dataplane.Hook.allCases.count else { return nil }
  }

  /// Loads the object and anchors it in the socket's namespace. Needs CAP_BPF and CAP_NET_ADMIN.
  init(loadingInto socket: NetlinkSocket) throws {
    let object = try Self.load()
    self.object = object
    for hook in Dataplane.Hook.allCases {
      programs[hook] = try check(
        bpf_program__fd(bpf_object__find_program_by_name(object, hook.rawValue)), "find BPF program", hook.rawValue)
    }
    var map = bpf_object__next_map(object, nil)
    while let found = map {
      maps[String(cString: bpf_map__name(found))] = bpf_map__fd(found)
      map = bpf_object__next_map(object, found)
    }
    var batch = NetlinkBatch()
    try batch.addClassifierHooks(to: Self.anchor, tolerating: .exists)
    for hook in Dataplane.Hook.allCases {
      try batch.attachFilter(
        to: Self.anchor, .egress, program: programs[hook] ?? -1, name: hook.rawValue, priority: hook.priority)
    }
    try socket.commit(batch)
  }

  deinit {
    for descriptor in owned { close(descriptor) }
    if let object { bpf_object__close(object) }
  }

  private static func load() throws -> OpaquePointer {
    guard let path = Bundle.module.path(forResource: "virtcloud.bpf", ofType: "o") else {
      throw SystemError(operation: "find", object: "virtcloud.bpf.o in the resource bundle", errno: ENOENT)
    }
    LibraryLog.install()
    guard let object = bpf_object__open_file(path, nil) else {
      throw SystemError(operation: "open BPF object", object: path, errno: errno)
    }
    guard bpf_object__load(object) == 0 else {
      let code = errno
      bpf_object__close(object)
      throw SystemError(
        operation: "load BPF programs", object: "virtcloud.bpf.o", errno: code, kernelMessage: LibraryLog.tail)
    }
    return object
  }
}

/// What libbpf says while it works, kept for the error that may follow.
enum LibraryLog {
  private static let lines = Mutex<[String]>([])

  /// Takes libbpf's messages away from standard error.
  static func install() {
    libbpf_set_print { _, format, arguments in
      guard let format, let arguments else { return 0 }
      var buffer = [CChar](repeating: 0, count: 1024)
      vsnprintf(&buffer, buffer.count, format, arguments)
      let line = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      LibraryLog.lines.withLock { $0 = Array(($0 + [line]).suffix(20)) }
      return 0
    }
  }

  /// The last of it, for an error.
  static var tail: String { lines.withLock { $0.joined() } }
}
