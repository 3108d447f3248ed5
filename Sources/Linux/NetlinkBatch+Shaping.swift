import CNetlink
import Glibc
import Quantities

extension NetlinkBatch {
  /// Limits what goes out through a link to a rate (HTB, `tc-htb(8)`); replaces a limit that is there.
  ///
  /// One class of the whole rate, and below it a queue of at most 50 ms (but no less than 128 KiB, so that
  /// a few GSO packets of 64 KiB fit). Rates count Ethernet frames without preamble and checksum, as the
  /// kernel does. For a replacement, the class keeps its queue and no frame is lost.
  ///
  /// - Parameter rate: 1 kbit/s and more.
  public mutating func shape(_ link: UInt32, to rate: Bitrate, tolerating: Tolerance = []) throws(SystemError) {
    let object = "#\(link) to \(rate.bitsPerSecond) bit/s"
    guard rate.bitsPerSecond >= 1000 else {
      throw SystemError(operation: "shape", object: object, errno: EINVAL)
    }
    // A second HTB over one that is there cannot be had by NLM_F_REPLACE; it can stay as it is.
    try add("shape", object, type: RTM_NEWQDISC, flags: Self.create, tolerating: [tolerating, .exists]) { message in
      message.append(Self.traffic(link, handle: 0x1_0000, parent: UInt32.max))
      message.put(TCA_KIND, text: "htb")
      message.nest(TCA_OPTIONS) { options in
        var global = tc_htb_glob()
        global.version = 3
        global.rate2quantum = 10
        global.defcls = 1
        options.put(TCA_HTB_INIT, global)
      }
    }
    try add("shape", object, type: RTM_NEWTCLASS, flags: Int32(NLM_F_CREATE), tolerating: tolerating) { message in
      message.append(Self.traffic(link, handle: 0x1_0001, parent: 0x1_0000))
      message.put(TCA_KIND, text: "htb")
      message.nest(TCA_OPTIONS) { Self.putClass(rate, into: &$0) }
    }
    try add("shape", object, type: RTM_NEWQDISC, flags: Int32(NLM_F_CREATE | NLM_F_REPLACE), tolerating: tolerating) {
      message in
      message.append(Self.traffic(link, handle: 0x2_0000, parent: 0x1_0001))
      message.put(TCA_KIND, text: "bfifo")
      message.put(TCA_OPTIONS, tc_fifo_qopt(limit: Self.queueBytes(rate)))
    }
  }

  /// Takes a link's limit away.
  public mutating func unshape(_ link: UInt32, tolerating: Tolerance = []) throws(SystemError) {
    // EINVAL: the link's root is another than ours, which stays.
    try add("unshape", "#\(link)", type: RTM_DELQDISC, tolerating: tolerating, absence: EINVAL) { message in
      message.append(Self.traffic(link, handle: 0x1_0000, parent: UInt32.max))
    }
  }

  private static func putClass(_ rate: Bitrate, into options: inout NetlinkMessage) {
    putClass(rate: rate, ceiling: rate, quantum: 65536, priority: 0, into: &options)
  }

  /// `struct tc_htb_opt` (`linux/pkt_sched.h`).
  static func putClass(
    rate: Bitrate, ceiling: Bitrate, quantum: UInt32, priority: UInt32, into options: inout NetlinkMessage
  ) {
    func specification(_ bytesPerSecond: UInt64) -> tc_ratespec {
      tc_ratespec(
        cell_log: 0, linklayer: UInt8(TC_LINKLAYER_ETHERNET.rawValue), overhead: 0, cell_align: -1, mpu: 0,
        rate: UInt32(clamping: bytesPerSecond))
    }
    let (low, high) = (max(1, rate.bitsPerSecond / 8), max(1, ceiling.bitsPerSecond / 8))
    options.put(
      TCA_HTB_PARMS,
      tc_htb_opt(
        rate: specification(low), ceil: specification(high), buffer: burstTicks(low), cbuffer: burstTicks(high),
        quantum: quantum, level: 0, prio: priority))
    // From 34 Gbit/s on the 32-bit field is too small; the kernel takes this one where it is larger.
    if low > UInt64(UInt32.max) { options.put(TCA_HTB_RATE64, low) }
    if high > UInt64(UInt32.max) { options.put(TCA_HTB_CEIL64, high) }
  }

  /// The burst as the time that it takes at the rate, in the kernel's ticks of 64 ns (`PSCHED_SHIFT`,
  /// `net/pkt_sched.h`).
  ///
  /// 4 ms, so that a timer that comes late on a busy machine costs no throughput, and no less than ten
  /// full frames. A larger GSO packet passes too: HTB lets a class go into debt by one packet.
  private static func burstTicks(_ bytesPerSecond: UInt64) -> UInt32 {
    let frames = 15_140 * 1_000_000_000 / bytesPerSecond
    return UInt32(clamping: max(4_000_000, frames) / 64)
  }

  /// 50 ms of the rate, and no less than two packets that wait for segmentation.
  static func queueBytes(_ rate: Bitrate) -> UInt32 {
    UInt32(clamping: max(128 << 10, rate.bitsPerSecond / 160))
  }
}
