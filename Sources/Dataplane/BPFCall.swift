import CBPF
import Glibc
import Linux

/// bpf(2) through libbpf, a function a call.
enum BPFCall {
  /// A program's descriptor by its number (`BPF_PROG_GET_FD_BY_ID`; CAP_SYS_ADMIN).
  static func program(id: UInt32) throws(SystemError) -> Descriptor {
    Descriptor(owning: try check(bpf_prog_get_fd_by_id(id), "open BPF program", "#\(id)"))
  }

  /// Numbers of the maps that a program uses.
  static func maps(ofProgram program: borrowing Descriptor) throws(SystemError) -> [UInt32] {
    var ids = [UInt32](repeating: 0, count: 32)
    let descriptor = program.rawValue
    var count: UInt32 = 0
    let code = ids.withUnsafeMutableBufferPointer { buffer in
      var info = bpf_prog_info()
      info.nr_map_ids = UInt32(buffer.count)
      info.map_ids = UInt64(UInt(bitPattern: buffer.baseAddress))
      var length = UInt32(MemoryLayout<bpf_prog_info>.size)
      defer { count = info.nr_map_ids }
      return bpf_obj_get_info_by_fd(descriptor, &info, &length)
    }
    try check(code, "inspect BPF program", "#\(descriptor)")
    return Array(ids.prefix(Int(count)))
  }

  /// A map by its number (`BPF_MAP_GET_FD_BY_ID`; CAP_SYS_ADMIN).
  static func map(id: UInt32) throws(SystemError) -> BPFMap {
    try BPFMap(Descriptor(owning: try check(bpf_map_get_fd_by_id(id), "open BPF map", "#\(id)")))
  }
}

/// A map, open, and what the kernel says of it (`struct bpf_map_info`, `linux/bpf.h`).
final class BPFMap {
  let descriptor: Descriptor
  /// The name in the programs' source, cut to 15 bytes.
  let name: String
  /// In bytes.
  let keySize: Int
  let valueSize: Int

  /// Takes over a map's descriptor.
  init(_ descriptor: consuming Descriptor) throws(SystemError) {
    var info = bpf_map_info()
    var length = UInt32(MemoryLayout<bpf_map_info>.size)
    try check(
      bpf_obj_get_info_by_fd(descriptor.rawValue, &info, &length), "inspect BPF map", "#\(descriptor.rawValue)")
    name = withUnsafeBytes(of: info.name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    keySize = Int(info.key_size)
    valueSize = Int(info.value_size)
    self.descriptor = descriptor
  }
}
