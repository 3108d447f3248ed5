import Quantities

/// A network interface as the kernel reports it (`RTM_NEWLINK`, `rtnetlink(7)`).
public struct Link: Hashable, Sendable {
  /// Positive; unique in its namespace.
  public var index: UInt32
  public var name: String
  public var alias: String?
  /// `IFLA_GROUP`; 0 for links that nobody put into one.
  public var group: UInt32
  /// In bytes, without the Ethernet header.
  public var mtu: Int
  /// Nil for links without a 6-octet address.
  public var mac: MACAddress?
  /// Administratively up (`IFF_UP`).
  public var isUp: Bool
  /// Somebody made it take frames for any station (`IFF_PROMISC`).
  public var isPromiscuous = false
  /// Up and with a carrier (`IFF_LOWER_UP`).
  public var hasCarrier: Bool
  /// Index of the bridge that it is a port of.
  public var masterIndex: UInt32?
  /// `veth`, `bridge` and so on; nil for devices without a kind, such as hardware.
  public var kind: String?
  /// Index of the veth's far end or the link below (`IFLA_LINK`), in its own namespace.
  public var peerIndex: UInt32?
  /// Which namespace that is, as an id of this namespace (`IFLA_LINK_NETNSID`); nil is this one.
  public var linkNamespaceID: Int32?
}

/// An interface address as the kernel reports it (`RTM_NEWADDR`).
public struct LinkAddress: Hashable, Sendable {
  public var linkIndex: UInt32
  public var prefix: IPPrefix
  /// `RT_SCOPE_LINK`: an IPv6 link-local address, for instance.
  public var isLinkLocal: Bool
  /// Given by a `NetlinkBatch`: it bears `NetlinkBatch.mark` (`IFA_PROTO`, Linux 5.18).
  public var isManaged: Bool
}

/// A unicast route of the main table as the kernel reports it (`RTM_NEWROUTE`).
public struct Route: Hashable, Sendable {
  public var destination: IPPrefix
  public var gateway: IPAddress?
  public var linkIndex: UInt32?
  public var metric: UInt32
  /// Made by the kernel along with an address (`RTPROT_KERNEL`).
  public var isFromKernel: Bool
  /// Made by a `NetlinkBatch`: it bears `NetlinkBatch.mark` (`rtm_protocol`).
  public var isManaged: Bool
}

/// A queueing discipline as the kernel reports it (`RTM_NEWQDISC`, `tc(8)`).
public struct QueueingDiscipline: Hashable, Sendable {
  public var linkIndex: UInt32
  /// `htb`, `clsact`, `noqueue` and so on.
  public var kind: String
  /// Major number in the upper 16 bits.
  public var handle: UInt32
  public var parent: UInt32
}

/// A BPF program at a link's clsact hook as the kernel reports it (`tc-bpf(8)`).
public struct ProgramFilter: Hashable, Sendable {
  public var linkIndex: UInt32
  public var direction: TrafficDirection
  /// Smaller runs first.
  public var priority: UInt16
  /// The name it was attached with.
  public var name: String?
  /// The kernel's number of the program, `bpf_prog_info.id`.
  public var programID: UInt32?
}

/// Which way frames go through a link, seen from the namespace that it is in.
public enum TrafficDirection: Hashable, Sendable, CaseIterable {
  /// Frames that come in through the link.
  case ingress
  /// Frames that go out through it.
  case egress
}
