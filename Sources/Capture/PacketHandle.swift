import CLinux
import CPcap
import Glibc
import Linux
import Quantities

/// One interface that is being listened on, by libpcap.
///
/// Holds no namespace open once its machine has ended: `life` tells, and the owner lets go of the value.
final class PacketHandle {
  let point: CapturePoint
  /// Readable once there are packets.
  let descriptor: Int32
  /// Readable once the machine has ended; -1 where none is watched.
  let lifeDescriptor: Int32
  private let life: Descriptor?
  private let handle: OpaquePointer

  /// The kernel hands packets over in blocks, a block this long after its first packet at the latest twice.
  static let blockMilliseconds: Int32 = 50

  /// Begins to listen. Needs `CAP_NET_RAW`, and `CAP_SYS_ADMIN` to enter the namespace.
  ///
  /// - Parameter buffer: octets of the kernel's ring.
  init(_ point: CapturePoint, options: CaptureOptions, buffer: Int) throws {
    self.point = point
    let namespace: NetworkNamespace
    switch point.place {
    case .namespace(let given):
      namespace = given
      life = nil
      lifeDescriptor = -1
    case .machine(let process):
      // Before the namespace is looked up: a process that ends in between is noticed, whoever gets its number.
      let watch = Descriptor(owning: try check(pidfd_open(process, 0), "watch process of", point.label))
      namespace = try NetworkNamespace.open(process: process)
      guard !Self.isReadable(watch.rawValue) else { throw Problem(captureAt: point.label, "its machine has ended") }
      lifeDescriptor = watch.rawValue
      life = consume watch
    }
    let opened = try namespace.perform { try Self.open(point, options, buffer) }
    do {
      // The empty filter lets all through, but cuts it in the kernel already.
      try CaptureFilter.apply(options.filter ?? "", to: opened, label: point.label)
    } catch {
      pcap_close(opened)
      throw error
    }
    descriptor = pcap_get_selectable_fd(opened)
    handle = opened
  }

  deinit { pcap_close(handle) }

  /// Hands over at most `limit` packets that wait, the oldest first, until `take` answers false.
  ///
  /// - Returns: nil where packets may be left, or none is there; libpcap's words where the interface is gone.
  func read(atMost limit: Int, as index: Int, take: (CapturedPacket) -> Bool) -> String? {
    var header: UnsafeMutablePointer<pcap_pkthdr>?
    var bytes: UnsafePointer<UInt8>?
    for _ in 0..<limit {
      let code = pcap_next_ex(handle, &header, &bytes)
      if code == 0 { return nil }
      guard code == 1, let header, let bytes else { return CaptureFilter.words(of: handle) }
      let stamp = header.pointee.ts
      // A handle of nanosecond precision keeps them in `tv_usec` (pcap-tstamp(7)).
      let time = UInt64(max(0, stamp.tv_sec)) &* 1_000_000_000 &+ UInt64(max(0, stamp.tv_usec))
      let kept = UnsafeBufferPointer(start: bytes, count: Int(header.pointee.caplen))
      let packet = CapturedPacket(point: index, time: time, length: Int(header.pointee.len), bytes: Array(kept))
      if !take(packet) { return nil }
    }
    return nil
  }

  /// Packets that the kernel had no room for.
  func dropped() -> Int {
    var numbers = pcap_stat()
    // A handle whose interface has gone may have no numbers any more: none is the best that is known.
    return pcap_stats(handle, &numbers) == 0 ? Int(numbers.ps_drop) : 0
  }

  /// True where the machine has ended.
  var hasEnded: Bool { lifeDescriptor >= 0 && Self.isReadable(lifeDescriptor) }

  private static func isReadable(_ descriptor: Int32) -> Bool {
    var watched = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&watched, 1, 0) == 1
  }

  private static func open(_ point: CapturePoint, _ options: CaptureOptions, _ buffer: Int) throws -> OpaquePointer {
    var reason = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
    guard let handle = pcap_create(point.interface, &reason) else {
      let text = String(decoding: reason.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      throw Problem(captureAt: point.label, text)
    }
    do {
      pcap_set_snaplen(handle, Int32(clamping: options.snapLength))
      pcap_set_promisc(handle, 0)
      pcap_set_timeout(handle, blockMilliseconds)
      pcap_set_buffer_size(handle, Int32(clamping: buffer))
      pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO)
      let code = pcap_activate(handle)
      guard code >= 0 else { throw failure(code, handle, point) }
      // Names such as `any` or `usbmon0` mean other things to libpcap than an interface.
      guard pcap_datalink(handle) == DLT_EN10MB else {
        throw Problem(captureAt: point.label, "libpcap does not take '\(point.interface)' for an Ethernet interface")
      }
      guard pcap_setnonblock(handle, 1, &reason) == 0, pcap_get_selectable_fd(handle) >= 0 else {
        throw Problem(captureAt: point.label, "it cannot be waited for")
      }
      return handle
    } catch {
      pcap_close(handle)
      throw error
    }
  }

  private static func failure(_ code: Int32, _ handle: OpaquePointer, _ point: CapturePoint) -> Problem {
    let own = CaptureFilter.words(of: handle)
    let general = pcap_statustostr(code).map { String(cString: $0) } ?? "error \(code)"
    return Problem(captureAt: point.label, own.isEmpty ? general : own)
  }
}

extension Problem {
  init(captureAt label: String, _ reason: String) {
    self.init(
      .failed, "capture-failed", "Cannot listen at \(label): \(reason).",
      remedy: "Look whether the interface is there: 'virtcloud exec NAME NODE -- ip link'.")
  }
}
