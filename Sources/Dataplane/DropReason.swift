import CBPF
import Linux

/// Why a program dropped a frame; in the order of `enum reason` in `tables.h`.
public enum DropReason: UInt32, CaseIterable, Hashable, Sendable {
  /// A guest sent a tagged frame.
  case guestTagged
  /// A guest sent with a source address that is not its own.
  case guestForeignSource
  /// A guest sent to 01:80:c2:00:00:00 … 0f, or a pause frame.
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
  /// A guest sent IP from an address that was not declared.
  case guestForeignAddress
  /// A guest's ARP spoke of an address that is not its own.
  case guestForeignARP
  /// A guest's neighbour advertisement, or its search for a duplicate, spoke of an address that is not its own.
  case guestForeignNeighbour
  /// A guest that is no router advertised itself as one, or redirected others.
  case guestRouterAdvertisement
  /// A guest that is no router sent from a DHCP server's port, or to a client's.
  case guestDHCPServer
  /// Headers that are cut off, too many, fragmented where none may be, or hidden behind LLC and SNAP.
  case guestHeaderChain
  /// More broadcast, multicast and unknown unicast than its port lets in.
  case guestStorm
  /// More stations behind a port than it may have.
  case guestMACLimit
  /// What an impaired wire was to lose.
  case wireLoss
  /// A frame that does not fit into an envelope.
  case tunnelTooLarge
  /// A network or a way that no table knows.
  case networkUnknown
  /// A frame that is longer than its network carries.
  case guestTooLong

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
    case .guestForeignAddress: "guest-foreign-address"
    case .guestForeignARP: "guest-foreign-arp"
    case .guestForeignNeighbour: "guest-foreign-neighbour"
    case .guestRouterAdvertisement: "guest-router-advertisement"
    case .guestDHCPServer: "guest-dhcp-server"
    case .guestHeaderChain: "guest-header-chain"
    case .guestStorm: "guest-storm"
    case .guestMACLimit: "guest-mac-limit"
    case .wireLoss: "wire-loss"
    case .tunnelTooLarge: "tunnel-too-large"
    case .networkUnknown: "network-unknown"
    case .guestTooLong: "guest-too-long"
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
