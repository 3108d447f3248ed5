import CBPF
import Linux

/// Why a program dropped a frame; in the order of `enum reason` in `virtcloud.bpf.c`.
public enum DropReason: UInt32, CaseIterable, Hashable, Sendable {
  /// A guest sent a tagged frame.
  case guestTagged
  /// A guest sent with a source address that is not its own.
  case guestForeignSource
  /// A guest sent to 01:80:c2:00:00:00 … 0f.
  case guestControlFrame
  /// A guest sent less than an Ethernet header.
  case guestTooShort
  /// A frame came from a port that no table knows.
  case guestUnknownPort
  /// A trunk carried a frame without a tag, or with VLAN 0.
  case trunkUntagged
  /// A trunk carried a tag that nobody here has.
  case trunkUnknownVLAN
  /// A trunk carried a frame with two tags, or was to.
  case trunkStacked
  /// A switch got a frame from a group address.
  case switchInvalidSource

  /// The reason's stable name in reports, in kebab case.
  public var code: String {
    switch self {
    case .guestTagged: "guest-tagged"
    case .guestForeignSource: "guest-foreign-source"
    case .guestControlFrame: "guest-control-frame"
    case .guestTooShort: "guest-too-short"
    case .guestUnknownPort: "guest-unknown-port"
    case .trunkUntagged: "trunk-untagged"
    case .trunkUnknownVLAN: "trunk-unknown-vlan"
    case .trunkStacked: "trunk-stacked"
    case .switchInvalidSource: "switch-invalid-source"
    }
  }
}

/// A per-CPU array of counters.
struct PerCPUCounter {
  let map: BPFMap

  /// The sum over all processors; the kernel copies a value a *possible* processor (bpf(2)).
  func sum(_ index: UInt32) throws(SystemError) -> UInt64 {
    var index = index
    var values = [UInt64](repeating: 0, count: Int(try check(libbpf_num_possible_cpus(), "count", "processors")))
    try check(bpf_map_lookup_elem(map.descriptor.rawValue, &index, &values), "read BPF map", map.name)
    return values.reduce(0, +)
  }
}
