import CBPF
import Foundation
import Glibc
import Linux
import Synchronization

/// The compiled programs of one role, verified and in the kernel; gone with the value, but for what is
/// duplicated or attached.
struct ProgramObject: ~Copyable {
  private let object: OpaquePointer

  /// Loads a role's programs and makes its maps (libbpf's `bpf_object__load`).
  static func load(_ role: Dataplane.Role) throws -> ProgramObject {
    guard let path = Bundle.module.path(forResource: "virtcloud.bpf", ofType: "o") else {
      throw SystemError(operation: "find", object: "virtcloud.bpf.o in the resource bundle", errno: ENOENT)
    }
    LibraryLog.install()
    let object = try ProgramObject(opening: path)
    try object.choose(role)
    try checkWithLog(bpf_object__load(object.object), "load BPF programs", path)
    return object
  }

  private init(opening path: String) throws(SystemError) {
    let opened = bpf_object__open_file(path, nil)
    try Self.checkWithLog(opened == nil ? -1 : 0, "open BPF object", path)
    guard let opened else { throw SystemError(operation: "open BPF object", object: path, errno: EINVAL) }
    object = opened
  }

  /// libbpf sets `errno` on every failure; the verifier's words are in the log.
  private static func checkWithLog(_ code: Int32, _ operation: String, _ path: String) throws(SystemError) {
    let error = errno
    let words = LibraryLog.take()
    guard code < 0 else { return }
    throw SystemError(operation: operation, object: path, errno: error, kernelMessage: words)
  }

  deinit { bpf_object__close(object) }

  /// Leaves out what other roles need.
  private func choose(_ role: Dataplane.Role) throws(SystemError) {
    for hook in Dataplane.Hook.allCases where hook.role != role {
      let program = bpf_object__find_program_by_name(object, hook.rawValue)
      try check(bpf_program__set_autoload(program, false), "leave out BPF program", hook.rawValue)
    }
    let names = Set(Dataplane.Role.allCases.flatMap(\.maps)).subtracting(role.maps)
    for name in names {
      let map = bpf_object__find_map_by_name(object, name)
      try check(bpf_map__set_autocreate(map, false), "leave out BPF map", name)
    }
  }

  /// A descriptor of a loaded program.
  func program(_ hook: Dataplane.Hook) throws(SystemError) -> Descriptor {
    let program = bpf_object__find_program_by_name(object, hook.rawValue)
    return try duplicate(bpf_program__fd(program), "BPF program", hook.rawValue)
  }

  /// A descriptor of a made map.
  func map(_ name: String) throws(SystemError) -> Descriptor {
    try duplicate(bpf_map__fd(bpf_object__find_map_by_name(object, name)), "BPF map", name)
  }

  private func duplicate(_ number: Int32, _ kind: String, _ name: String) throws(SystemError) -> Descriptor {
    try check(number, "find \(kind)", name)
    return Descriptor(owning: try check(fcntl(number, F_DUPFD_CLOEXEC, 0), "open \(kind)", name))
  }
}

/// What libbpf says while it works, kept for the error that may follow.
enum LibraryLog {
  private static let lines = Mutex<[String]>([])

  /// Takes libbpf's messages away from standard error.
  static func install() {
    lines.withLock { $0 = [] }
    libbpf_set_print { level, format, arguments in
      guard level != LIBBPF_DEBUG, let format, let arguments else { return 0 }
      var buffer = [CChar](repeating: 0, count: 4096)
      vsnprintf(&buffer, buffer.count, format, arguments)
      let line = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      LibraryLog.lines.withLock { $0 = Array(($0 + [line]).suffix(20)) }
      return 0
    }
  }

  /// The last of it, which is forgotten here.
  static func take() -> String? {
    lines.withLock { lines in
      defer { lines = [] }
      return lines.isEmpty ? nil : lines.joined()
    }
  }
}
