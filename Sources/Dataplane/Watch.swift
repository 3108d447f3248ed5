import CBPF
import Glibc
import Linux
import Quantities

extension Dataplane {
  /// Which frames somebody wants to be told of; nil is any.
  public struct WatchFilter: Hashable, Sendable {
    /// Source or destination, and the other of the two.
    public var station: MACAddress?
    public var other: MACAddress?
    /// EtherType.
    public var type: UInt16?

    public init(station: MACAddress? = nil, other: MACAddress? = nil, type: UInt16? = nil) {
      self.station = station
      self.other = other
      self.type = type
    }
  }

  /// What a program did with a frame.
  public struct WatchedStep: Hashable, Sendable {
    public enum Verdict: Hashable, Sendable {
      /// To the bridge.
      case passed
      case redirected
      /// The reason is nil where the frame's copies went on.
      case dropped(DropReason?)
    }

    /// ns of `CLOCK_MONOTONIC`.
    public var time: UInt64
    public var source, destination: MACAddress
    /// EtherType.
    public var type: UInt16
    public var interface: UInt32
    public var hook: Hook
    public var verdict: Verdict
    /// Octets.
    public var length: Int
  }

  /// Lets programs tell of frames until a moment (ns of `CLOCK_MONOTONIC`); zero ends it.
  public func watch(_ filter: WatchFilter, until: UInt64) throws {
    let value = WatchingValue(
      until: until, station: filter.station?.wireOrder ?? 0, other: filter.other?.wireOrder ?? 0,
      type: UInt32(filter.type?.bigEndian ?? 0))
    for role in Role.allCases where found(role) != nil {
      let map = try programs(role).map("watched")
      var (key, value) = (UInt32(0), value)
      try check(bpf_map_update_elem(map.descriptor.rawValue, &key, &value, 0), "write BPF map", map.name)
    }
  }

  /// Descriptors of the rings in which programs tell; open as long as this value lives.
  func rings() throws -> [Int32] {
    try Role.allCases.filter { found($0) != nil }.map { try programs($0).map("steps").descriptor.rawValue }
  }
}

/// Reads what the programs of several devices tell (libbpf's ring buffers).
public final class WatchReader {
  private let ring: OpaquePointer
  private let sinks: [Sink]
  private let dataplanes: [Dataplane]

  /// Where one device's steps go.
  private final class Sink {
    let number: Int
    let take: (Int, Dataplane.WatchedStep) -> Void

    init(_ number: Int, _ take: @escaping (Int, Dataplane.WatchedStep) -> Void) {
      self.number = number
      self.take = take
    }
  }

  /// `take` is called from `poll`, with the device's position among `dataplanes`; nil where none of them has programs.
  public init?(_ dataplanes: [Dataplane], take: @escaping (Int, Dataplane.WatchedStep) -> Void) throws {
    self.dataplanes = dataplanes
    var sinks: [Sink] = []
    var ring: OpaquePointer?
    let receive: ring_buffer_sample_fn = { context, data, size in
      guard let context, let data, size >= MemoryLayout<StepValue>.size else { return 0 }
      let sink = Unmanaged<Sink>.fromOpaque(context).takeUnretainedValue()
      if let step = Dataplane.WatchedStep(data.loadUnaligned(as: StepValue.self)) { sink.take(sink.number, step) }
      return 0
    }
    for (number, dataplane) in dataplanes.enumerated() {
      for descriptor in try dataplane.rings() {
        let sink = Sink(number, take)
        sinks.append(sink)
        let context = Unmanaged.passUnretained(sink).toOpaque()
        if let ring {
          try check(ring_buffer__add(ring, descriptor, receive, context), "open ring of", "steps")
        } else {
          ring = ring_buffer__new(descriptor, receive, context, nil)
          try check(ring == nil ? -1 : 0, "open ring of", "steps")
        }
      }
    }
    guard let ring else { return nil }
    self.ring = ring
    self.sinks = sinks
  }

  deinit { ring_buffer__free(ring) }

  /// Takes what there is, or what comes within so many milliseconds.
  public func poll(milliseconds: Int32) throws {
    let code = ring_buffer__poll(ring, milliseconds)
    if code < 0, errno == EINTR { return }
    try check(code, "read ring of", "steps")
  }
}

/// `struct watching`.
private struct WatchingValue: BitwiseCopyable {
  var until: UInt64
  var station: UInt64
  var other: UInt64
  var type: UInt32
  var zero: UInt32 = 0
}

/// `struct step`.
private struct StepValue: BitwiseCopyable {
  var time: UInt64
  var to: UInt64
  var from: UInt64
  var port: UInt32
  var hook: UInt32
  var verdict: UInt32
  var reason: UInt32
  var length: UInt32
  var type: UInt32
}

extension Dataplane.WatchedStep {
  fileprivate init?(_ value: StepValue) {
    let hooks: [Dataplane.Hook] = [.guard, .tag, .untag, .forward]
    guard hooks.indices.contains(Int(value.hook)) else { return nil }
    time = value.time
    destination = MACAddress(rawValue: value.to.bigEndian >> 16)
    source = MACAddress(rawValue: value.from.bigEndian >> 16)
    type = UInt16(truncatingIfNeeded: value.type).bigEndian
    interface = value.port
    hook = hooks[Int(value.hook)]
    length = Int(value.length)
    // TC_ACT_OK, TC_ACT_SHOT, TC_ACT_REDIRECT (`linux/pkt_cls.h`).
    switch value.verdict {
    case 7: verdict = .redirected
    case 2: verdict = .dropped(DropReason(rawValue: value.reason))
    default: verdict = .passed
    }
  }
}
