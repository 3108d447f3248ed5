import CNetlink
import Glibc

extension KernelFeatures {
  static func files() -> [KernelFeature] {
    [
      KernelFeature(
        name: "overlayfs", isPresent: hasFileSystem("overlay"), option: "CONFIG_OVERLAY_FS", since: "3.18",
        cost: "Machines of image `host` have no copy-on-write root.")
    ]
  }

  static func cgroups() -> KernelFeature {
    let controllers =
      text("/sys/fs/cgroup/cgroup.controllers")
      ?? text("/proc/cgroups").map { table in
        table.split(separator: "\n").compactMap { line in
          let fields = line.split(separator: "\t")
          return line.hasPrefix("#") || fields.last == "0" ? nil : fields.first
        }.joined(separator: " ")
      }
    let isUnified = isThere("/sys/fs/cgroup/cgroup.controllers")
    return KernelFeature(
      name: "cgroup v2", isPresent: isUnified, option: "CONFIG_CGROUPS", since: "4.5",
      cost: "Limits of CPU and memory go through cgroup v1, as far as its controllers are mounted.",
      detail: controllers.map { "controllers: \($0)" })
  }

  static func bridgeFirewall(_ namespace: NetworkNamespace) throws -> KernelFeature {
    var isOn = false
    do {
      isOn = try namespace.readSysctl("net/bridge/bridge-nf-call-iptables") != "0"
    } catch let error as SystemError where error.isNotFound {
      isOn = false
    }
    return KernelFeature(
      name: "br_netfilter", isPresent: isOn, isWanted: false, option: "CONFIG_BRIDGE_NETFILTER", since: "2.6",
      cost: "Bridged frames walk the firewall, a tenth of the packet rate; VirtCloud switches it off in its namespaces."
    )
  }

  /// Asks nf_tables for its generation (`NFT_MSG_GETGEN`, `linux/netfilter/nf_tables.h`); without it, the
  /// kernel does not know the subsystem.
  static func nftables(_ namespace: NetworkNamespace) throws -> KernelFeature {
    let isPresent = try namespace.perform { () -> Bool in
      let number = socket(AF_NETLINK, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), NETLINK_NETFILTER)
      if number < 0, errno == EPROTONOSUPPORT { return false }
      let netfilter = Descriptor(owning: try check(number, "open", "netfilter socket"))
      let request: [UInt8] = [20, 0, 0, 0, 16, 10, 5, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
      try check(send(netfilter.rawValue, request, request.count, 0), "ask", "nf_tables")
      var answer = [UInt8](repeating: 0, count: 4096)
      let count = try check(recv(netfilter.rawValue, &answer, answer.count, 0), "ask", "nf_tables")
      return answer.withUnsafeBytes { bytes in
        let reply = NetlinkReply.Sequence(UnsafeRawBufferPointer(rebasing: bytes.prefix(count))).first { _ in true }
        return reply.map { ($0.acknowledgement?.errno ?? 0) == 0 } ?? false
      }
    }
    return KernelFeature(
      name: "nftables", isPresent: isPresent, option: "CONFIG_NF_TABLES", since: "3.13",
      cost: "Ports cannot be published nor clients be let in by list.")
  }

  /// Opens a file system's context without mounting it (`fsopen(2)`, since 5.2); this loads its module.
  private static func hasFileSystem(_ name: String) -> Bool {
    let number = virtcloud_fsopen(name)
    if number >= 0 {
      _ = Descriptor(owning: Int32(number))
      return true
    }
    return text("/proc/filesystems")?.split(separator: "\n").contains { $0.hasSuffix("\t" + name) } ?? false
  }

  private static func canOpen(_ path: String) -> Bool {
    (try? Descriptor(opening: path, O_RDWR)) != nil
  }

  /// A small file of the kernel's; nil where it cannot be read.
  private static func text(_ path: String) -> String? {
    guard let file = try? Descriptor(opening: path, O_RDONLY) else { return nil }
    var buffer = [UInt8](repeating: 0, count: 16384)
    let count = read(file.rawValue, &buffer, buffer.count)
    guard count >= 0 else { return nil }
    var bytes = buffer.prefix(count)
    if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
