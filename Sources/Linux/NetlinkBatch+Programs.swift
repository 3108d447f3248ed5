import CNetlink
import Glibc

extension TrafficDirection {
  /// The parent of filters at this hook: `TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS)` or `…EGRESS`
  /// (`linux/pkt_sched.h`).
  var hook: UInt32 {
    switch self {
    case .ingress: 0xffff_fff2
    case .egress: 0xffff_fff3
    }
  }
}

extension NetlinkBatch {
  /// Gives a link its two hooks for programs (`clsact`, `tc-bpf(8)`).
  public mutating func addClassifierHooks(to link: UInt32, tolerating: Tolerance = []) throws(SystemError) {
    try add("add clsact to", "#\(link)", type: RTM_NEWQDISC, flags: Self.create, tolerating: tolerating) { message in
      message.append(Self.traffic(link, handle: 0xffff_0000, parent: 0xffff_fff1))
      message.put(TCA_KIND, text: "clsact")
    }
  }

  /// Takes the hooks away, and all filters at them.
  public mutating func deleteClassifierHooks(of link: UInt32, tolerating: Tolerance = []) throws(SystemError) {
    try add("delete clsact of", "#\(link)", type: RTM_DELQDISC, tolerating: tolerating) { message in
      message.append(Self.traffic(link, handle: 0xffff_0000, parent: 0xffff_fff1))
    }
  }

  /// Puts a BPF program at a hook; one that is there with the same priority is replaced without a gap.
  ///
  /// - Parameters:
  ///   - program: descriptor of a loaded program of type `BPF_PROG_TYPE_SCHED_CLS`; open until the commit.
  ///   - name: what `filters(on:_:)` and `tc filter show` will call it.
  ///   - priority: 1 runs first.
  ///   - isDirectAction: the program's return value is the verdict (`TCA_BPF_FLAG_ACT_DIRECT`).
  public mutating func attachFilter(
    to link: UInt32, _ direction: TrafficDirection, program: Int32, name: String, priority: UInt16 = 1,
    isDirectAction: Bool = true, tolerating: Tolerance = []
  ) throws(SystemError) {
    try add(
      "attach program \(name) to", "#\(link)", type: RTM_NEWTFILTER, flags: Int32(NLM_F_CREATE), tolerating: tolerating
    ) { message in
      message.append(Self.filter(link, direction, handle: 1, priority: priority))
      message.put(TCA_KIND, text: "bpf")
      message.nest(TCA_OPTIONS) { options in
        options.put(TCA_BPF_FD, UInt32(bitPattern: program))
        options.put(TCA_BPF_NAME, text: name)
        if isDirectAction { options.put(TCA_BPF_FLAGS, UInt32(TCA_BPF_FLAG_ACT_DIRECT)) }
      }
    }
  }

  /// Takes the filters of one priority away from a hook.
  public mutating func detachFilter(
    from link: UInt32, _ direction: TrafficDirection, priority: UInt16 = 1, tolerating: Tolerance = []
  ) throws(SystemError) {
    try add("detach program from", "#\(link)", type: RTM_DELTFILTER, tolerating: tolerating) { message in
      message.append(Self.filter(link, direction, handle: 0, priority: priority))
    }
  }

  /// `struct tcmsg` (`linux/rtnetlink.h`).
  static func traffic(_ link: UInt32, handle: UInt32, parent: UInt32) -> tcmsg {
    var header = tcmsg()
    header.tcm_ifindex = Int32(bitPattern: link)
    header.tcm_handle = handle
    header.tcm_parent = parent
    return header
  }

  /// A filter's header: its priority above, its protocol (`ETH_P_ALL`, in network byte order) below.
  private static func filter(
    _ link: UInt32, _ direction: TrafficDirection, handle: UInt32, priority: UInt16
  ) -> tcmsg {
    var header = traffic(link, handle: handle, parent: direction.hook)
    header.tcm_info = UInt32(priority) << 16 | UInt32(UInt16(3).bigEndian)
    return header
  }
}
