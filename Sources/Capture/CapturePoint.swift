import Glibc
import Linux

/// One interface to listen on.
public struct CapturePoint: Sendable {
  /// Where the interface is.
  public enum Place: Sendable {
    /// In the network namespace of a machine's init; the capture there ends with that process.
    case machine(process: pid_t)
    /// In a namespace that the caller holds.
    case namespace(NetworkNamespace)
  }

  /// What files and lines call it: `NODE:INTERFACE`.
  public var label: String
  public var interface: String
  public var place: Place

  public init(label: String, interface: String, place: Place) {
    self.label = label
    self.interface = interface
    self.place = place
  }
}

/// What is captured, and how much of it.
public struct CaptureOptions: Hashable, Sendable {
  /// In libpcap's words (pcap-filter(7)); nil is everything.
  public var filter: String?
  /// Octets of each packet that are kept, `1 ... 262144`.
  public var snapLength: Int
  /// End after so many packets; nil is no bound.
  public var count: Int?
  /// End after so long; nil is no bound.
  public var duration: Duration?

  /// The largest `snapLength` (libpcap's `MAXIMUM_SNAPLEN`): more than any frame has.
  public static let largestSnapLength = 262_144

  public init(
    filter: String? = nil, snapLength: Int = largestSnapLength, count: Int? = nil, duration: Duration? = nil
  ) {
    self.filter = filter
    self.snapLength = snapLength
    self.count = count
    self.duration = duration
  }
}

/// A packet as it passed an interface.
public struct CapturedPacket: Hashable, Sendable {
  /// Which of the session's points it passed, counted from 0.
  public var point: Int
  /// Nanoseconds since 1970.
  public var time: UInt64
  /// Octets that it had; `bytes` may be fewer.
  public var length: Int
  /// From its Ethernet header on.
  public var bytes: [UInt8]

  public init(point: Int, time: UInt64, length: Int, bytes: [UInt8]) {
    self.point = point
    self.time = time
    self.length = length
    self.bytes = bytes
  }
}

/// What a capture came to.
public struct CaptureTally: Hashable, Sendable {
  /// Packets that were handed on.
  public var captured = 0
  /// Of each point: packets that matched and that the kernel had no room for (`pcap_stats(3)`).
  public var dropped: [Int]

  /// Nothing yet; `dropped` has a number for each point.
  public init(dropped: [Int]) { self.dropped = dropped }

  /// Of all points.
  public var allDropped: Int { dropped.reduce(0, +) }
}
