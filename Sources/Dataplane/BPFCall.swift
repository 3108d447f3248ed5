import CBPF
import Glibc
import Linux

/// bpf(2) through libbpf, a function a call.
enum BPFCall {
  /// A program's descriptor by its number (`BPF_PROG_GET_FD_BY_ID`; CAP_SYS_ADMIN).
  static func program(id: UInt32) throws -> Descriptor {
    Descriptor(owning: try check(bpf_prog_get_fd_by_id(id), "open BPF program", "#\(id)"))
  }

  /// Numbers of the maps that a program uses.
  static func maps(ofProgram program: Int32) throws -> [UInt32] {
    var ids = [UInt32](repeating: 0, count: 32)
    let count = try ids.withUnsafeMutableBufferPointer { buffer in
      var info = bpf_prog_info()
      info.nr_map_ids = UInt32(buffer.count)
      info.map_ids = UInt64(UInt(bitPattern: buffer.baseAddress))
      var length = UInt32(MemoryLayout<bpf_prog_info>.size)
      try check(bpf_obj_get_info_by_fd(program, &info, &length), "inspect BPF program", "#\(program)")
      return Int(info.nr_map_ids)
    }
    return Array(ids.prefix(count))
  }

  /// A map's descriptor by its number (`BPF_MAP_GET_FD_BY_ID`; CAP_SYS_ADMIN).
  static func map(id: UInt32) throws -> Descriptor {
    Descriptor(owning: try check(bpf_map_get_fd_by_id(id), "open BPF map", "#\(id)"))
  }

  /// A map's name, as its program's source has it.
  static func name(ofMap map: Int32) throws -> String {
    var info = bpf_map_info()
    var length = UInt32(MemoryLayout<bpf_map_info>.size)
    try check(bpf_obj_get_info_by_fd(map, &info, &length), "inspect BPF map", "#\(map)")
    return withUnsafeBytes(of: info.name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}

/// A hash map of plain values; keys and values are laid out as in `virtcloud.bpf.c`.
struct HashMap<Key: BitwiseCopyable & Hashable, Value: BitwiseCopyable & Equatable> {
  let descriptor: Int32
  let name: String

  /// Makes the map hold `wanted` and nothing else; what stands already is not written again.
  func replace(with wanted: [Key: Value]) throws {
    var missing = wanted
    for key in try keys() {
      guard let value = wanted[key] else {
        try delete(key)
        continue
      }
      if try self.value(of: key) == value { missing[key] = nil }
    }
    for (key, value) in missing { try update(key, value) }
  }

  /// All keys. Read before anything is changed: deleting while walking would start the walk again.
  func keys() throws -> [Key] {
    var keys: [Key] = []
    while true {
      guard let next = try key(after: keys.last) else { return keys }
      keys.append(next)
    }
  }

  private func key(after last: Key?) throws -> Key? {
    try withUnsafeTemporaryAllocation(of: Key.self, capacity: 1) { next in
      let code: Int32
      if var last {
        code = bpf_map_get_next_key(descriptor, &last, next.baseAddress)
      } else {
        code = bpf_map_get_next_key(descriptor, nil, next.baseAddress)
      }
      if code < 0, errno == ENOENT { return nil }
      try check(code, "list BPF map", name)
      return next[0]
    }
  }

  /// The value; nil where the key is not there.
  func value(of key: Key) throws -> Value? {
    try withUnsafeTemporaryAllocation(of: Value.self, capacity: 1) { value in
      var key = key
      let code = bpf_map_lookup_elem(descriptor, &key, value.baseAddress)
      if code < 0, errno == ENOENT { return nil }
      try check(code, "read BPF map", name)
      return value[0]
    }
  }

  private func update(_ key: Key, _ value: Value) throws {
    var (key, value) = (key, value)
    try check(bpf_map_update_elem(descriptor, &key, &value, UInt64(BPF_ANY)), "write BPF map", name)
  }

  private func delete(_ key: Key) throws {
    var key = key
    let code = bpf_map_delete_elem(descriptor, &key)
    if code < 0, errno == ENOENT { return }
    try check(code, "delete from BPF map", name)
  }
}
