import CNetlink
import Glibc
import Quantities

extension NetlinkBatch {
  /// Changes a link; what is nil stays as it is.
  ///
  /// - Parameters:
  ///   - name: the new name; the link must be down for it on kernels before 6.2.
  ///   - master: index of the bridge to join; 0 leaves the one that it is in.
  ///   - namespace: descriptor of the network namespace to move to.
  ///   - noLinkLocal: true makes no IPv6 link-local address when the link comes up; it is set before that.
  public mutating func setLink(
    _ link: LinkReference, isUp: Bool? = nil, name: String? = nil, mac: MACAddress? = nil, mtu: Int? = nil,
    group: UInt32? = nil, master: UInt32? = nil, alias: String? = nil, namespace: Int32? = nil,
    noLinkLocal: Bool? = nil, tolerating: Tolerance = []
  ) throws(SystemError) {
    let operation = "change link"
    if let name { try Self.checkName(name, operation) }
    try Self.checkAlias(alias, of: link.description, operation)
    // The kernel sets a link up before it looks at its IPv6 options, hence a request of its own first.
    if let noLinkLocal { try setLinkLocal(link, isOff: noLinkLocal, tolerating: tolerating) }
    try add(operation, link.description, type: RTM_SETLINK, tolerating: tolerating) { message in
      message.appendLink(link, isUp: isUp)
      if case .index = link, let name { message.put(IFLA_IFNAME, text: name) }
      message.putLink(name: nil, mac: mac, mtu: mtu, group: group, master: master)
      if let alias { message.put(IFLA_IFALIAS, text: alias) }
      if let namespace { message.put(IFLA_NET_NS_FD, UInt32(bitPattern: namespace)) }
    }
  }

  /// Lets a link take frames for any station (`IFF_PROMISC`, netdevice(7)), or ends that.
  public mutating func setPromiscuous(
    _ index: UInt32, _ isPromiscuous: Bool, tolerating: Tolerance = []
  ) throws(SystemError) {
    try add("make promiscuous", "#\(index)", type: RTM_SETLINK, tolerating: tolerating) { message in
      var header = Self.header(index: index, isUp: nil)
      header.ifi_change = Self.promiscuous
      header.ifi_flags = isPromiscuous ? Self.promiscuous : 0
      message.append(header)
    }
  }

  /// `IFLA_INET6_ADDR_GEN_MODE`: none (1) or EUI-64 (0).
  private mutating func setLinkLocal(
    _ link: LinkReference, isOff: Bool, tolerating: Tolerance
  ) throws(SystemError) {
    try add("set IPv6 mode of", link.description, type: RTM_SETLINK, tolerating: tolerating) { message in
      message.appendLink(link, isUp: nil)
      message.nest(IFLA_AF_SPEC) { families in
        families.nest(AF_INET6) { $0.put(IFLA_INET6_ADDR_GEN_MODE, UInt8(isOff ? 1 : 0)) }
      }
    }
  }

  /// Lets a link carry traffic at once.
  ///
  /// A veth that was up before its peer gets its queue only when the kernel's link watch comes round to it: 100 links
  /// a second of the whole machine (`__linkwatch_run_queue`, `net/core/link_watch.c`), and until then what it sends is
  /// dropped. Whoever asks for the link waits for the watch of this one (`rtnl_getlink`, Linux 6.13 and later).
  public mutating func awaitCarrier(of link: UInt32) throws(SystemError) {
    try add("look at link", "#\(link)", type: RTM_GETLINK, tolerating: .notFound) { message in
      message.append(Self.header(index: link, isUp: nil))
      // RTEXT_FILTER_SKIP_STATS: the answer is not read.
      message.put(IFLA_EXT_MASK, UInt32(1 << 3))
    }
  }

  /// Deletes one link; 17 ms each, so that many are better deleted by group or with their namespace.
  public mutating func deleteLink(_ link: LinkReference, tolerating: Tolerance = []) throws(SystemError) {
    try add("delete link", link.description, type: RTM_DELLINK, tolerating: tolerating) { message in
      message.appendLink(link, isUp: nil)
    }
  }

  /// Deletes all links of a group in the socket's namespace at once: about 0.3 ms for each veth pair, but
  /// 17 ms for each bridge, whose end waits for RCU on its own (`br_multicast_dev_del`, `net/bridge`).
  ///
  /// Throws with `isNotFound` where the group is empty, and refuses group 0, which every link is in at first.
  public mutating func deleteLinks(inGroup group: UInt32, tolerating: Tolerance = []) throws(SystemError) {
    guard group != 0 else {
      throw SystemError(operation: "delete links of group", object: "0", errno: EINVAL)
    }
    try add("delete links of group", "\(group)", type: RTM_DELLINK, tolerating: tolerating) { message in
      message.append(Self.header(index: nil, isUp: nil))
      message.put(IFLA_GROUP, group)
    }
  }
}

extension NetlinkMessage {
  /// The header of a request about a link that is there.
  mutating func appendLink(_ link: LinkReference, isUp: Bool?) {
    switch link {
    case .index(let index): append(NetlinkBatch.header(index: index, isUp: isUp))
    case .name(let name):
      append(NetlinkBatch.header(index: nil, isUp: isUp))
      put(IFLA_IFNAME, text: name)
    }
  }
}
