import CNetlink
import Glibc
import Quantities

/// A share of a link: an HTB class (tc-htb(8)) of the discipline `1:` that `NetlinkBatch.shapeLink` makes.
public struct LinkClass: Hashable, Sendable {
  /// Minor number, `2 ... 65534`; 1 is the link, 65535 what belongs to no class.
  public var id: UInt16
  /// Kept for it, 1 kbit/s and more.
  public var rate: Bitrate
  /// Not exceeded.
  public var ceiling: Bitrate
  /// Octets that it sends at its turn when what others leave is shared out.
  public var quantum: UInt32
  /// 0 is served first of what others leave, then 1 … 7.
  public var priority: UInt32

  public init(id: UInt16, rate: Bitrate, ceiling: Bitrate, quantum: UInt32, priority: UInt32) {
    self.id = id
    self.rate = rate
    self.ceiling = ceiling
    self.quantum = quantum
    self.priority = priority
  }
}

extension NetlinkBatch {
  /// Makes a link's discipline for classes, or changes its rate and leaves its classes alone.
  ///
  /// What finds no class by its `skb->priority` goes to the class `1:ffff`, which has what others leave.
  public mutating func shapeLink(_ link: UInt32, to rate: Bitrate) throws(SystemError) {
    let object = "#\(link) to \(rate.bitsPerSecond) bit/s"
    // A second HTB over one that is there cannot be had by NLM_F_REPLACE; it can stay as it is.
    try add("shape", object, type: RTM_NEWQDISC, flags: Self.create, tolerating: .exists) { message in
      message.append(Self.traffic(link, handle: 0x1_0000, parent: UInt32.max))
      message.put(TCA_KIND, text: "htb")
      message.nest(TCA_OPTIONS) { options in
        var global = tc_htb_glob()
        global.version = 3
        global.rate2quantum = 10
        global.defcls = 0xffff
        options.put(TCA_HTB_INIT, global)
      }
    }
    try putClass(
      LinkClass(id: 1, rate: rate, ceiling: rate, quantum: 200_000, priority: 0), on: link, parent: 0x1_0000)
    let rest = LinkClass(id: 0xffff, rate: Self.leastRate, ceiling: rate, quantum: 1514, priority: 7)
    try putClass(rest, on: link, parent: 0x1_0001)
    try putQueue(rest, on: link)
  }

  /// Gives a link a class, or changes one; its queue keeps what is in it.
  public mutating func setClass(_ share: LinkClass, on link: UInt32) throws(SystemError) {
    try putClass(share, on: link, parent: 0x1_0001)
    try putQueue(share, on: link)
  }

  /// Takes a class away, and what is in its queue.
  public mutating func deleteClass(_ id: UInt16, on link: UInt32, tolerating: Tolerance = []) throws(SystemError) {
    try add("delete class", "1:\(String(id, radix: 16)) of #\(link)", type: RTM_DELTCLASS, tolerating: tolerating) {
      message in
      message.append(Self.traffic(link, handle: 0x1_0000 | UInt32(id), parent: 0x1_0001))
    }
  }

  /// What is promised nothing has to have a rate all the same.
  public static var leastRate: Bitrate { Bitrate(bitsPerSecond: 16_000) }

  private mutating func putClass(_ share: LinkClass, on link: UInt32, parent: UInt32) throws(SystemError) {
    let id = 0x1_0000 | UInt32(share.id)
    try add(
      "set class", "1:\(String(share.id, radix: 16)) of #\(link)", type: RTM_NEWTCLASS, flags: Int32(NLM_F_CREATE)
    ) { message in
      message.append(Self.traffic(link, handle: id, parent: parent))
      message.put(TCA_KIND, text: "htb")
      message.nest(TCA_OPTIONS) { options in
        Self.putClass(
          rate: share.rate, ceiling: share.ceiling, quantum: share.quantum, priority: share.priority, into: &options)
      }
    }
  }

  private mutating func putQueue(_ share: LinkClass, on link: UInt32) throws(SystemError) {
    let flags = Int32(NLM_F_CREATE | NLM_F_REPLACE)
    // Handles of disciplines on one link differ: 1: is taken, the last ones are the kernel's own.
    let handle = (share.id == 0xffff ? 2 : UInt32(share.id)) << 16
    try add("queue of class", "#\(link)", type: RTM_NEWQDISC, flags: flags) { message in
      message.append(Self.traffic(link, handle: handle, parent: 0x1_0000 | UInt32(share.id)))
      message.put(TCA_KIND, text: "bfifo")
      message.put(TCA_OPTIONS, tc_fifo_qopt(limit: Self.queueBytes(share.ceiling)))
    }
  }
}

/// A class as the kernel has it, with what it did.
public struct ObservedClass: Hashable, Sendable {
  /// Its numbers; rates in whole octets a second.
  public var share: LinkClass
  public var octets: UInt64
  public var frames: UInt64
  /// Frames that found its queue full.
  public var drops: UInt64
  /// Octets that wait.
  public var backlog: UInt32
}

extension NetlinkSocket {
  /// The HTB classes of a link; none where it has no HTB.
  public func classes(of link: UInt32) throws -> [ObservedClass] {
    var header = tcmsg()
    header.tcm_ifindex = Int32(bitPattern: link)
    return try dump("list classes", type: RTM_GETTCLASS, header: header, read: ObservedClass.init)
  }
}

extension ObservedClass {
  init?(_ reply: NetlinkReply) {
    guard reply.type == RTM_NEWTCLASS, let header = reply.header(tcmsg.self), header.tcm_handle >> 16 == 1 else {
      return nil
    }
    let attributes = reply.attributes(after: MemoryLayout<tcmsg>.size)
    guard attributes[TCA_KIND]?.text == "htb", let options = attributes[TCA_OPTIONS]?.nested,
      let parameters = options[TCA_HTB_PARMS], parameters.bytes.count >= MemoryLayout<tc_htb_opt>.size
    else { return nil }
    let values = parameters.bytes.loadUnaligned(as: tc_htb_opt.self)
    func rate(_ small: tc_ratespec, _ large: Int) -> Bitrate {
      let bytes = options[large]?.number(UInt64.self) ?? UInt64(small.rate)
      return Bitrate(bitsPerSecond: bytes.multipliedReportingOverflow(by: 8).partialValue)
    }
    share = LinkClass(
      id: UInt16(truncatingIfNeeded: header.tcm_handle), rate: rate(values.rate, TCA_HTB_RATE64),
      ceiling: rate(values.ceil, TCA_HTB_CEIL64), quantum: values.quantum, priority: values.prio)
    let statistics = attributes[TCA_STATS2]?.nested
    // TCA_STATS_BASIC: octets, then frames in 32 bits; TCA_STATS_QUEUE: `gnet_stats_queue` (`linux/gen_stats.h`).
    let basic = statistics?[1]?.bytes
    octets = basic.map { $0.count >= 12 ? $0.loadUnaligned(as: UInt64.self) : 0 } ?? 0
    frames = basic.map { $0.count >= 12 ? UInt64($0.loadUnaligned(fromByteOffset: 8, as: UInt32.self)) : 0 } ?? 0
    let queue = statistics?[3]?.bytes
    backlog = queue.map { $0.count >= 12 ? $0.loadUnaligned(fromByteOffset: 4, as: UInt32.self) : 0 } ?? 0
    drops = queue.map { $0.count >= 12 ? UInt64($0.loadUnaligned(fromByteOffset: 8, as: UInt32.self)) : 0 } ?? 0
  }
}
