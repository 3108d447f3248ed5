import CNetlink
import Glibc

/// Asks the running kernel what it can do, by trying it in a network namespace that is gone afterwards.
///
/// A probe loads a module just as the use of the feature would; nothing else of the machine changes.
public enum KernelFeatures {
  /// All features that VirtCloud looks at, in the order in which `doctor` shows them; takes a few ms.
  ///
  /// Throws `SystemError` with `isNotPermitted` without `CAP_SYS_ADMIN`.
  public static func probe() throws -> [KernelFeature] {
    let namespace = try NetworkNamespace.createUnnamed(label: "for probes")
    let socket = try namespace.netlink()
    return try namespaces() + links(socket) + traffic(socket) + files() + [cgroups(), bridgeFirewall(namespace)]
      + [nftables(namespace)]
  }

  private static func namespaces() -> [KernelFeature] {
    [
      // The probes themselves run in one.
      KernelFeature(
        name: "network namespaces", isPresent: true, option: "CONFIG_NET_NS", since: "2.6.29",
        cost: "Nothing works without them."),
      KernelFeature(
        name: "user namespaces", isPresent: isThere("/proc/self/ns/user"), option: "CONFIG_USER_NS", since: "3.8",
        cost: "Root inside a machine is root of the host outside of its namespaces."),
    ]
  }

  private static func links(_ socket: NetlinkSocket) throws -> [KernelFeature] {
    try [
      ("veth", "veth", "CONFIG_VETH", "2.6.24", "Machines cannot be cabled."),
      ("bridge", "bridge", "CONFIG_BRIDGE", "2.4", "Segments cannot be built."),
      ("vxlan", "vxlan", "CONFIG_VXLAN", "3.7", "Sites cannot be joined by encapsulation."),
      ("802.1Q links", "vlan", "CONFIG_VLAN_8021Q", "2.4", "None: VLAN tags are handled by BPF programs."),
    ].map { name, kind, option, since, cost in
      var batch = NetlinkBatch()
      try batch.createLink(kind: kind, name: "probe-\(kind)")
      // What lacks its options is refused too, but by its own driver.
      let code = try refusal(socket, batch)
      return KernelFeature(name: name, isPresent: code != EOPNOTSUPP, option: option, since: since, cost: cost)
    }
  }

  private static func traffic(_ socket: NetlinkSocket) throws -> [KernelFeature] {
    let disciplines = try [
      ("htb", "CONFIG_NET_SCH_HTB", "2.4.20", "Rates cannot be kept."),
      ("clsact", "CONFIG_NET_SCH_INGRESS", "4.5", "Frames cannot be tagged or filtered."),
      ("netem", "CONFIG_NET_SCH_NETEM", "2.6.7", "Latencies of emulated core links are not emulated."),
    ].map { kind, option, since, cost in
      var batch = NetlinkBatch()
      try batch.addProbe(kind, type: RTM_NEWQDISC, parent: kind == "clsact" ? 0xffff_fff1 : UInt32.max)
      let code = try refusal(socket, batch)
      return KernelFeature(name: kind, isPresent: code != ENOENT, option: option, since: since, cost: cost)
    }
    var batch = NetlinkBatch()
    try batch.addProbe("bpf", type: RTM_NEWTFILTER, parent: TrafficDirection.ingress.hook)
    let code = try refusal(socket, batch)
    let classifier = KernelFeature(
      name: "cls_bpf", isPresent: code != ENOENT && code != EOPNOTSUPP, option: "CONFIG_NET_CLS_BPF", since: "3.13",
      cost: "Frames cannot be tagged or filtered.")
    return disciplines + [classifier]
  }

  /// The first error number of a batch; 0 where all went well.
  private static func refusal(_ socket: NetlinkSocket, _ batch: NetlinkBatch) throws -> Int32 {
    do {
      try socket.commit(batch)
      return 0
    } catch let failure as NetlinkFailure {
      return failure.errors.first?.errno ?? 0
    }
  }

  static func isThere(_ path: String) -> Bool { access(path, F_OK) == 0 }
}

extension NetlinkBatch {
  /// A discipline or filter on the loopback link, with nothing but its kind.
  fileprivate mutating func addProbe(_ kind: String, type: Int, parent: UInt32) throws(SystemError) {
    try add("probe", kind, type: type, flags: Self.create) { message in
      var header = Self.traffic(
        1, handle: type == RTM_NEWTFILTER ? 1 : kind == "clsact" ? 0xffff_0000 : 0x1_0000, parent: parent)
      if type == RTM_NEWTFILTER { header.tcm_info = 1 << 16 | UInt32(UInt16(3).bigEndian) }
      message.append(header)
      message.put(TCA_KIND, text: kind)
    }
  }
}
