import CBPF
import Glibc
import Linux

/// A hash map of plain values; keys and values are laid out as in the programs' headers.
///
/// Entries travel many at a time (`BPF_MAP_LOOKUP_BATCH` and its like, Linux 5.6).
struct HashMap<Key: BitwiseCopyable & Hashable, Value: BitwiseCopyable> {
  /// Entries that one call reads at most.
  private static var chunk: Int { 512 }
  private let map: BPFMap
  private let isPerCPU: Bool
  private var descriptor: Int32 { map.descriptor.rawValue }

  /// Nil where the map's keys or values have another size: another version of the programs made it.
  init?(_ map: BPFMap, isPerCPU: Bool = false) {
    guard map.keySize == MemoryLayout<Key>.stride, isPerCPU || map.valueSize == MemoryLayout<Value>.stride else {
      return nil
    }
    self.map = map
    self.isPerCPU = isPerCPU
  }

  /// All keys, one call a key: for tables that are small or rarely walked.
  func keys() throws(SystemError) -> [Key] {
    var keys: [Key] = []
    let key = Buffer<Key>(1)
    let next = Buffer<Key>(1)
    var isFirst = true
    while true {
      let code = bpf_map_get_next_key(descriptor, isFirst ? nil : key.base, next.base)
      if code < 0, errno == ENOENT { return keys }
      try check(code, "read BPF map", map.name)
      keys.append(next[0])
      key.base.initialize(to: next[0])
      isFirst = false
    }
  }

  /// The values of every processor for a key of a per-CPU map (bpf(2)); empty where there is no such key.
  func values(of key: Key) throws(SystemError) -> [Value] {
    let count = Int(try check(libbpf_num_possible_cpus(), "count", "processors"))
    // The kernel rounds each processor's value up to eight octets.
    let stride = (MemoryLayout<Value>.size + 7) / 8 * 8
    let keyBuffer = Buffer<Key>(1)
    keyBuffer.base.initialize(to: key)
    let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: stride * count, alignment: 8)
    defer { bytes.deallocate() }
    let code = bpf_map_lookup_elem(descriptor, keyBuffer.base, bytes.baseAddress)
    if code < 0, errno == ENOENT { return [] }
    try check(code, "read BPF map", map.name)
    return (0..<count).map { bytes.load(fromByteOffset: $0 * stride, as: Value.self) }
  }

  /// All entries.
  func entries() throws(SystemError) -> [Key: Value] {
    var entries: [Key: Value] = [:]
    // The kernel's place in the map: a bucket's number for hash maps; nil is the beginning.
    var place: UInt32?
    while true {
      let (chunk, next) = try read(from: place)
      entries.merge(chunk, uniquingKeysWith: { $1 })
      guard let next else { return entries }
      place = next
    }
  }

  /// One call's entries, and where to go on; nil at the end.
  private func read(from place: UInt32?) throws(SystemError) -> ([(Key, Value)], next: UInt32?) {
    let (keys, values) = (Buffer<Key>(Self.chunk), Buffer<Value>(Self.chunk))
    var (start, next, count) = (place ?? 0, UInt32(0), UInt32(Self.chunk))
    let code = withUnsafeMutablePointer(to: &start) {
      bpf_map_lookup_batch(descriptor, place == nil ? nil : $0, &next, keys.base, values.base, &count, nil)
    }
    // ENOENT says that these were the last.
    let isEnd = code < 0 && errno == ENOENT
    if !isEnd { try check(code, "read BPF map", map.name) }
    return ((0..<Int(count)).map { (keys[$0], values[$0]) }, isEnd ? nil : next)
  }

  private func update(_ entries: [Key: Value]) throws(SystemError) {
    guard !entries.isEmpty else { return }
    var (keys, values, count) = (Array(entries.keys), Array(entries.values), UInt32(entries.count))
    let code = keys.withUnsafeMutableBytes { keys in
      values.withUnsafeMutableBytes { bpf_map_update_batch(descriptor, keys.baseAddress, $0.baseAddress, &count, nil) }
    }
    try check(code, "write BPF map", map.name)
  }

  /// Deletes entries that are there.
  func delete(_ keys: [Key]) throws(SystemError) {
    guard !keys.isEmpty else { return }
    var (keys, count) = (keys, UInt32(keys.count))
    let code = keys.withUnsafeMutableBytes { bpf_map_delete_batch(descriptor, $0.baseAddress, &count, nil) }
    try check(code, "delete from BPF map", map.name)
  }
}

extension HashMap where Value: Equatable {
  /// Makes the map hold `wanted`; what stands already is not written again.
  ///
  /// What is gone goes first, so that a full map has room for what comes.
  ///
  /// - Parameters:
  ///   - keepsOthers: What is not wanted stays.
  ///   - keepsOld: What is there with another value keeps it.
  func replace(with wanted: [Key: Value], keepsOthers: Bool = false, keepsOld: Bool = false) throws(SystemError) {
    let present = try entries()
    if !keepsOthers { try delete(present.keys.filter { wanted[$0] == nil }) }
    try update(wanted.filter { keepsOld ? present[$0.key] == nil : present[$0.key] != $0.value })
  }
}

/// Memory for the kernel to fill, freed with the value.
private final class Buffer<Element: BitwiseCopyable> {
  let base: UnsafeMutablePointer<Element>

  init(_ capacity: Int) {
    base = .allocate(capacity: capacity)
  }

  deinit { base.deallocate() }

  subscript(index: Int) -> Element { base[index] }
}
