import Glibc
import Linux

/// Sends frames of which only the Ethernet header is in linear memory, by a ring that the kernel shares
/// (`Documentation/networking/packet_mmap.rst`): what reads headers where it finds them finds none.
final class PagedSocket {
  private let descriptor: Descriptor
  private let ring: UnsafeMutableRawPointer
  private static let size = 4096
  private var next = 0

  init(in namespace: NetworkNamespace, on index: UInt32) throws {
    let number = try namespace.perform {
      try check(
        socket(AF_PACKET, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), 0), "open", "packet socket")
    }
    descriptor = Descriptor(owning: number)
    // struct tpacket_req: two blocks of one frame each.
    var request: [UInt32] = [UInt32(Self.size), 2, UInt32(Self.size), 2]
    // SOL_PACKET, PACKET_TX_RING.
    try check(setsockopt(number, 263, 13, &request, 16), "make", "ring")
    let mapped = mmap(nil, 2 * Self.size, PROT_READ | PROT_WRITE, MAP_SHARED, number, 0)
    guard let mapped, mapped != MAP_FAILED else { throw SystemError(operation: "map", object: "ring", errno: errno) }
    ring = mapped
    var address = [UInt8](repeating: 0, count: 20)
    address.withUnsafeMutableBytes { bytes in
      bytes.storeBytes(of: UInt16(AF_PACKET), as: UInt16.self)
      bytes.storeBytes(of: Int32(bitPattern: index), toByteOffset: 4, as: Int32.self)
    }
    let bound = address.withUnsafeBytes { bind(number, $0.assumingMemoryBound(to: sockaddr.self).baseAddress, 20) }
    try check(bound, "bind", "packet socket")
  }

  deinit { munmap(ring, 2 * Self.size) }

  func send(_ frame: Frame) throws {
    let place = ring + next * Self.size
    next = 1 - next
    // struct tpacket_hdr: status (8 octets), then the length; the frame stands behind it.
    place.storeBytes(of: UInt32(frame.bytes.count), toByteOffset: 8, as: UInt32.self)
    (place + 32).copyMemory(from: frame.bytes, byteCount: frame.bytes.count)
    // TP_STATUS_SEND_REQUEST.
    place.storeBytes(of: 1, as: UInt.self)
    try check(Glibc.send(descriptor.rawValue, nil, 0, 0), "send", "ring")
  }
}
