import CBPF
import Foundation
import Glibc
import Linux
import Quantities

/// The eBPF program that joins a machine's interface with a host's device, for some VLANs only.
///
/// It holds no state that changes: another set of VLANs is another program, which takes the old one's place without a
/// gap. It lives as long as it is attached.
public final class Crossing {
  /// Octets of `struct crossing`, `crossing.bpf.c`: two numbers of 4, and a bit a VLAN.
  private static let entrySize = 8 + 512

  private let object: OpaquePointer

  /// Loads it. `interface` is the machine's, `cable` the end of the device's cable in the same network namespace.
  public init(interface: UInt32, cable: UInt32, vlans: VLANSet) throws {
    guard let path = Bundle.module.path(forResource: "crossing.bpf", ofType: "o") else {
      throw SystemError(operation: "find", object: "crossing.bpf.o in the resource bundle", errno: ENOENT)
    }
    LibraryLog.install()
    guard let object = bpf_object__open_file(path, nil) else {
      throw SystemError(operation: "open BPF object", object: path, errno: errno, kernelMessage: LibraryLog.take())
    }
    self.object = object
    let code = bpf_object__load(object)
    let (error, words) = (errno, LibraryLog.take())
    guard code == 0 else {
      throw SystemError(operation: "load BPF programs", object: path, errno: error, kernelMessage: words)
    }
    let map = bpf_map__fd(bpf_object__find_map_by_name(object, "crossings"))
    try Self.write(map, interface, other: cable, isOwn: true, vlans)
    try Self.write(map, cable, other: interface, isOwn: false, vlans)
  }

  deinit { bpf_object__close(object) }

  private static func write(
    _ map: Int32, _ key: UInt32, other: UInt32, isOwn: Bool, _ vlans: VLANSet
  ) throws(SystemError) {
    var words = [UInt64](repeating: 0, count: entrySize / 8)
    for vlan in vlans.members { words[1 + Int(vlan.rawValue >> 6)] |= 1 << UInt64(vlan.rawValue & 63) }
    var key = key
    let code = words.withUnsafeMutableBytes { bytes in
      bytes.storeBytes(of: other, as: UInt32.self)
      bytes.storeBytes(of: isOwn ? 1 : 0, toByteOffset: 4, as: UInt32.self)
      return bpf_map_update_elem(map, &key, bytes.baseAddress, UInt64(BPF_ANY))
    }
    try check(code, "write BPF map", "crossings")
  }

  /// Appends the requests that attach it to the ingress of a link; what stands there with the same priority is replaced.
  ///
  /// This value must live until the batch is committed.
  public func attach(to index: UInt32, name: String, priority: UInt16, in batch: inout NetlinkBatch) throws {
    let program = try check(
      bpf_program__fd(bpf_object__find_program_by_name(object, "cross")), "find BPF program", "cross")
    try batch.addClassifierHooks(to: index, tolerating: .exists)
    try batch.attachFilter(to: index, .ingress, program: program, name: name, priority: priority)
  }
}
