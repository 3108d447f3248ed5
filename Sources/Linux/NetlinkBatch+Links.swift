import CNetlink
import Glibc
import Quantities

/// A link of the batch's namespace: by index where it is known (cheapest), else by name.
public enum LinkReference: Hashable, Sendable, CustomStringConvertible {
  case index(UInt32)
  case name(String)

  public var description: String {
    switch self {
    case .index(let index): "#\(index)"
    case .name(let name): name
    }
  }
}

/// The far end of a veth pair (`veth(4)`).
public struct VethPeer: Sendable {
  public var name: String
  /// Its index in its own namespace; nil is the near end's where that has one, else the kernel's choice.
  public var index: UInt32?
  public var mac: MACAddress?
  /// In bytes, without the Ethernet header.
  public var mtu: Int?
  public var group: UInt32
  /// Descriptor of the network namespace that it is made in; nil is the near end's. Kept open by the
  /// caller until the batch is committed.
  public var namespace: Int32?
  public var isUp: Bool

  public init(
    name: String, index: UInt32? = nil, mac: MACAddress? = nil, mtu: Int? = nil, group: UInt32 = 0,
    namespace: Int32? = nil, isUp: Bool = false
  ) {
    self.name = name
    self.index = index
    self.mac = mac
    self.mtu = mtu
    self.group = group
    self.namespace = namespace
    self.isUp = isUp
  }
}

extension NetlinkBatch {
  /// Makes a veth pair whole: addresses, MTU, groups, the near end's alias and bridge, both ends up.
  ///
  /// With an `index` and a `master` index of the caller's choice, a bridge and its ports fit into one batch.
  /// Takes one request, or two where there is an alias or a far end to set up: the kernel takes an alias
  /// only from a link that is there, and cannot set the end up that it makes first (`ENOTCONN`).
  public mutating func createVeth(
    name: String, index: UInt32? = nil, mac: MACAddress? = nil, mtu: Int? = nil, group: UInt32 = 0,
    alias: String? = nil, master: UInt32? = nil, isUp: Bool = false, peer: VethPeer, tolerating: Tolerance = []
  ) throws(SystemError) {
    try Self.checkName(name, "create veth")
    try Self.checkName(peer.name, "create veth")
    try Self.checkAlias(alias, of: name, "create veth")
    let near = VethEnd(name: name, index: index, mac: mac, mtu: mtu, group: group)
    var far = VethEnd(name: peer.name, index: peer.index, mac: peer.mac, mtu: peer.mtu, group: peer.group)
    far.namespace = peer.namespace
    let reference = index.map { LinkReference.index($0) } ?? .name(name)
    if peer.isUp, peer.namespace != nil {
      // The far end is made last, hence as the one that the message is about, so that it can be set up
      // from here; the kernel heeds the index of the other only if this one has an index too.
      if far.index == nil { far.index = index }
      try addVeth(name, last: far, isUp: true, first: near, tolerating)
      try finish(reference, name, isUp: isUp, master: master, alias: alias)
    } else {
      var near = near
      near.master = master
      try addVeth(name, last: near, isUp: isUp, first: far, tolerating)
      if alias != nil { try finish(reference, name, isUp: nil, master: nil, alias: alias) }
      if peer.isUp { try finish(.name(peer.name), peer.name, isUp: true, master: nil, alias: nil) }
    }
  }

  /// What a pair's creation says of one end.
  private struct VethEnd {
    var name: String
    var index: UInt32?
    var mac: MACAddress?
    var mtu: Int?
    var group: UInt32
    var master: UInt32?
    var namespace: Int32?

    func put(into message: inout NetlinkMessage, isUp: Bool) {
      message.append(NetlinkBatch.header(index: index, isUp: isUp))
      message.putLink(name: name, mac: mac, mtu: mtu, group: group, master: master)
      if let namespace { message.put(IFLA_NET_NS_FD, UInt32(bitPattern: namespace)) }
    }
  }

  private mutating func addVeth(
    _ name: String, last: VethEnd, isUp: Bool, first: VethEnd, _ tolerating: Tolerance
  ) throws(SystemError) {
    try add("create veth", name, type: RTM_NEWLINK, flags: Self.create, tolerating: tolerating) { message in
      last.put(into: &message, isUp: isUp)
      message.nest(IFLA_LINKINFO) { info in
        info.put(IFLA_INFO_KIND, text: "veth")
        info.nest(IFLA_INFO_DATA) { data in
          data.nest(VETH_INFO_PEER) { first.put(into: &$0, isUp: false) }
        }
      }
    }
  }

  /// The second request of a creation, under the name of the first.
  mutating func finish(
    _ link: LinkReference, _ name: String, isUp: Bool?, master: UInt32?, alias: String?
  ) throws(SystemError) {
    try add("finish link", name, type: RTM_SETLINK) { message in
      message.appendLink(link, isUp: isUp)
      message.putLink(name: nil, mac: nil, mtu: nil, group: nil, master: master)
      if let alias { message.put(IFLA_IFALIAS, text: alias) }
    }
  }

  /// Makes a learning bridge: no spanning tree, no forward delay, and by default no multicast snooping.
  ///
  /// - Parameter ageing: how long a learnt address lives, in whole seconds; nil is the kernel's 300.
  public mutating func createBridge(
    name: String, index: UInt32? = nil, mac: MACAddress? = nil, mtu: Int? = nil, group: UInt32 = 0,
    alias: String? = nil, isUp: Bool = false, multicastSnooping: Bool = false, ageing: Int? = nil,
    tolerating: Tolerance = []
  ) throws(SystemError) {
    let operation = "create bridge"
    try Self.checkName(name, operation)
    try Self.checkAlias(alias, of: name, operation)
    try add(operation, name, type: RTM_NEWLINK, flags: Self.create, tolerating: tolerating) { message in
      message.append(Self.header(index: index, isUp: isUp))
      message.putLink(name: name, mac: mac, mtu: mtu, group: group, master: nil)
      message.nest(IFLA_LINKINFO) { info in
        info.put(IFLA_INFO_KIND, text: "bridge")
        info.nest(IFLA_INFO_DATA) { data in
          data.put(IFLA_BR_FORWARD_DELAY, UInt32(0))
          data.put(IFLA_BR_STP_STATE, UInt32(0))
          data.put(IFLA_BR_MCAST_SNOOPING, UInt8(multicastSnooping ? 1 : 0))
          if let ageing { data.put(IFLA_BR_AGEING_TIME, UInt32(clamping: ageing * 100)) }
        }
      }
    }
    guard let alias else { return }
    try finish(index.map { .index($0) } ?? .name(name), name, isUp: nil, master: nil, alias: alias)
  }

  /// Makes a link of a kind without options, such as `dummy` or `ifb`.
  public mutating func createLink(
    kind: String, name: String, index: UInt32? = nil, mac: MACAddress? = nil, mtu: Int? = nil, group: UInt32 = 0,
    isUp: Bool = false, tolerating: Tolerance = []
  ) throws(SystemError) {
    try Self.checkName(name, "create \(kind)")
    try add("create \(kind)", name, type: RTM_NEWLINK, flags: Self.create, tolerating: tolerating) { message in
      message.append(Self.header(index: index, isUp: isUp))
      message.putLink(name: name, mac: mac, mtu: mtu, group: group, master: nil)
      message.nest(IFLA_LINKINFO) { $0.put(IFLA_INFO_KIND, text: kind) }
    }
  }

  static var create: Int32 { Int32(NLM_F_CREATE | NLM_F_EXCL) }

  /// `struct ifinfomsg` (`rtnetlink(7)`); nil leaves the link's state alone.
  static func header(index: UInt32?, isUp: Bool?) -> ifinfomsg {
    var header = ifinfomsg()
    header.ifi_index = Int32(bitPattern: index ?? 0)
    header.ifi_flags = isUp == true ? linkUp : 0
    header.ifi_change = isUp == nil ? 0 : linkUp
    return header
  }

  /// `IFF_UP` (`linux/if.h`).
  static var linkUp: UInt32 { 1 }
  /// `IFF_PROMISC`.
  static var promiscuous: UInt32 { 0x100 }
}

extension NetlinkMessage {
  /// What links of every kind have in common.
  mutating func putLink(name: String?, mac: MACAddress?, mtu: Int?, group: UInt32?, master: UInt32?) {
    if let name { put(IFLA_IFNAME, text: name) }
    if let mac { put(IFLA_ADDRESS, bytes: mac.octets) }
    if let mtu { put(IFLA_MTU, UInt32(clamping: mtu)) }
    if let group { put(IFLA_GROUP, group) }
    if let master { put(IFLA_MASTER, master) }
  }
}
