import CNetlink
import Glibc
import Quantities

extension NetlinkSocket {
  /// All links of the namespace.
  public func links() throws -> [Link] {
    try dump("list links", type: RTM_GETLINK, header: ifinfomsg(), read: Link.init)
  }

  /// What every link has received since it was made, by index: also what a program led to it past its queue.
  public func received() throws -> [UInt32: (frames: UInt64, octets: UInt64)] {
    let counts = try dump("list links", type: RTM_GETLINK, header: ifinfomsg()) { reply -> ReceivedCount? in
      guard reply.type == RTM_NEWLINK, let header = reply.header(ifinfomsg.self),
        let value = reply.attributes(after: MemoryLayout<ifinfomsg>.size)[IFLA_STATS64], value.bytes.count >= 24
      else { return nil }
      // `rtnl_link_stats64` begins with frames received, frames sent, octets received (`linux/if_link.h`).
      return ReceivedCount(
        index: UInt32(bitPattern: header.ifi_index), frames: value.bytes.loadUnaligned(as: UInt64.self),
        octets: value.bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self))
    }
    return Dictionary(counts.map { ($0.index, ($0.frames, $0.octets)) }, uniquingKeysWith: { first, _ in first })
  }

  private struct ReceivedCount: Sendable {
    var index: UInt32
    var frames, octets: UInt64
  }

  /// All interface addresses of the namespace, IPv4 and IPv6.
  public func addresses() throws -> [LinkAddress] {
    try dump("list addresses", type: RTM_GETADDR, header: ifaddrmsg(), read: LinkAddress.init)
  }

  /// The unicast routes of the main table, IPv4 and IPv6.
  public func routes() throws -> [Route] {
    try dump("list routes", type: RTM_GETROUTE, header: rtmsg(), read: Route.init)
  }

  /// The queueing disciplines of all links.
  public func queueingDisciplines() throws -> [QueueingDiscipline] {
    try dump("list qdiscs", type: RTM_GETQDISC, header: tcmsg(), read: QueueingDiscipline.init)
  }

  /// The BPF programs at one hook of a link; none where it has no clsact.
  ///
  /// The kernel lists filters link by link only (`tc_dump_tfilter`, `net/sched/cls_api.c`).
  public func filters(on link: UInt32, _ direction: TrafficDirection) throws -> [ProgramFilter] {
    var header = tcmsg()
    header.tcm_ifindex = Int32(bitPattern: link)
    header.tcm_parent = direction.hook
    return try dump("list filters", type: RTM_GETTFILTER, header: header) { ProgramFilter($0, direction) }
  }

  /// The rate that `NetlinkBatch.shape` gave a link, in whole bytes a second; nil where it has none.
  public func shapedRate(of link: UInt32) throws -> Bitrate? {
    var header = tcmsg()
    header.tcm_ifindex = Int32(bitPattern: link)
    let rates = try dump("list classes", type: RTM_GETTCLASS, header: header) { reply -> Bitrate? in
      guard reply.type == RTM_NEWTCLASS, let header = reply.header(tcmsg.self), header.tcm_handle == 0x1_0001,
        let options = reply.attributes(after: MemoryLayout<tcmsg>.size)[TCA_OPTIONS]?.nested
      else { return nil }
      let large = options[TCA_HTB_RATE64]?.number(UInt64.self)
      // `tc_htb_opt` begins with `tc_ratespec`, whose rate is its last field.
      let small = options[TCA_HTB_PARMS].flatMap { value in
        value.bytes.count >= 12 ? value.bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self) : nil
      }
      return (large ?? small.map(UInt64.init)).map {
        Bitrate(bitsPerSecond: $0.multipliedReportingOverflow(by: 8).partialValue)
      }
    }
    return rates.first
  }
}

extension Link {
  init?(_ reply: NetlinkReply) {
    guard reply.type == RTM_NEWLINK, let header = reply.header(ifinfomsg.self) else { return nil }
    self.init(
      index: UInt32(bitPattern: header.ifi_index), name: "", group: 0, mtu: 0,
      isUp: header.ifi_flags & NetlinkBatch.linkUp != 0,
      isPromiscuous: header.ifi_flags & NetlinkBatch.promiscuous != 0, hasCarrier: header.ifi_flags & 0x10000 != 0)
    for (type, value) in reply.attributes(after: MemoryLayout<ifinfomsg>.size) {
      switch type {
      case IFLA_IFNAME: name = value.text
      case IFLA_IFALIAS: alias = value.text
      case IFLA_GROUP: group = value.number(UInt32.self) ?? 0
      case IFLA_MTU: mtu = Int(value.number(UInt32.self) ?? 0)
      case IFLA_ADDRESS: mac = MACAddress(wireOctets: value.bytes)
      case IFLA_MASTER: masterIndex = value.number(UInt32.self)
      case IFLA_LINK: peerIndex = value.number(UInt32.self)
      case IFLA_LINK_NETNSID: linkNamespaceID = value.number(Int32.self)
      case IFLA_LINKINFO: kind = value.nested[IFLA_INFO_KIND]?.text
      default: break
      }
    }
  }
}

extension LinkAddress {
  init?(_ reply: NetlinkReply) {
    guard reply.type == RTM_NEWADDR, let header = reply.header(ifaddrmsg.self) else { return nil }
    let attributes = reply.attributes(after: MemoryLayout<ifaddrmsg>.size)
    // Of a point-to-point address, IFA_ADDRESS is the far end and IFA_LOCAL ours; IPv6 has the former only.
    guard let value = attributes[IFA_LOCAL] ?? attributes[IFA_ADDRESS], let address = IPAddress(wireOctets: value.bytes)
    else { return nil }
    self.init(
      linkIndex: header.ifa_index, prefix: IPPrefix(address: address, length: Int(header.ifa_prefixlen)),
      isLinkLocal: header.ifa_scope == UInt8(RT_SCOPE_LINK.rawValue),
      isManaged: attributes[IFA_PROTO]?.number(UInt8.self) == NetlinkBatch.mark)
  }
}

extension Route {
  init?(_ reply: NetlinkReply) {
    guard reply.type == RTM_NEWROUTE, let header = reply.header(rtmsg.self),
      header.rtm_table == UInt8(RT_TABLE_MAIN.rawValue), header.rtm_type == UInt8(RTN_UNICAST),
      Int32(header.rtm_flags) & RTM_F_CLONED == 0
    else { return nil }
    let attributes = reply.attributes(after: MemoryLayout<rtmsg>.size)
    let any: IPAddress = header.rtm_family == UInt8(AF_INET6) ? .v6(0) : .v4(0)
    let destination = attributes[Int(RTA_DST.rawValue)].flatMap { IPAddress(wireOctets: $0.bytes) } ?? any
    self.init(
      destination: IPPrefix(address: destination, length: Int(header.rtm_dst_len)),
      gateway: attributes[Int(RTA_GATEWAY.rawValue)].flatMap { IPAddress(wireOctets: $0.bytes) },
      linkIndex: attributes[Int(RTA_OIF.rawValue)]?.number(UInt32.self),
      metric: attributes[Int(RTA_PRIORITY.rawValue)]?.number(UInt32.self) ?? 0,
      isFromKernel: header.rtm_protocol == UInt8(RTPROT_KERNEL),
      isManaged: header.rtm_protocol == NetlinkBatch.mark)
  }
}

extension QueueingDiscipline {
  init?(_ reply: NetlinkReply) {
    guard reply.type == RTM_NEWQDISC, let header = reply.header(tcmsg.self) else { return nil }
    let attributes = reply.attributes(after: MemoryLayout<tcmsg>.size)
    guard let kind = attributes[TCA_KIND]?.text else { return nil }
    self.init(
      linkIndex: UInt32(bitPattern: header.tcm_ifindex), kind: kind, handle: header.tcm_handle,
      parent: header.tcm_parent)
  }
}

extension ProgramFilter {
  init?(_ reply: NetlinkReply, _ direction: TrafficDirection) {
    guard reply.type == RTM_NEWTFILTER, let header = reply.header(tcmsg.self) else { return nil }
    let attributes = reply.attributes(after: MemoryLayout<tcmsg>.size)
    // Each priority has an entry of its own without options, and a handle of 0.
    guard attributes[TCA_KIND]?.text == "bpf", header.tcm_handle != 0, let options = attributes[TCA_OPTIONS]?.nested
    else { return nil }
    self.init(
      linkIndex: UInt32(bitPattern: header.tcm_ifindex), direction: direction,
      priority: UInt16(header.tcm_info >> 16), name: options[TCA_BPF_NAME]?.text,
      programID: options[TCA_BPF_ID]?.number(UInt32.self))
  }
}
