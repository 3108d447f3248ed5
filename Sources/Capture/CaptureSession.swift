import Glibc
import Linux
import Quantities

/// Listens on several interfaces at once and hands their packets on in the order of their times.
///
/// Not for several threads.
public final class CaptureSession {
  private let options: CaptureOptions
  private var handles: [PacketHandle?]
  private var merge: PacketMerge
  private var tally: CaptureTally
  private let deadline: UInt64?

  /// Most packets that one interface hands over before the others have their turn.
  private static let turn = 4096
  /// Octets of all the kernel's rings together, and the bounds of one.
  private static let ringBudget = 64 << 20
  private static let ringBounds = 1 << 20...32 << 20

  /// Begins to listen on all points at once; they are numbered in their order.
  ///
  /// Throws `bad-filter`, and `capture-failed` where an interface cannot be listened on. Needs root.
  public init(_ points: [CapturePoint], _ options: CaptureOptions) throws {
    if let filter = options.filter { try CaptureFilter.check(filter, snapLength: options.snapLength) }
    let share = Self.ringBudget / max(1, points.count)
    let buffer = min(max(share, Self.ringBounds.lowerBound), Self.ringBounds.upperBound)
    // The thread for namespaces would keep the last machine's namespace alive.
    defer { Self.goHome() }
    handles = try points.map { point in
      do {
        return try PacketHandle(point, options: options, buffer: buffer)
      } catch let error as SystemError {
        throw Problem(captureAt: point.label, "\(error)")
      }
    }
    let patience = points.count > 1 ? UInt64(PacketHandle.blockMilliseconds) * 3_000_000 : 0
    merge = PacketMerge(patience: patience)
    tally = CaptureTally(dropped: points.map { _ in 0 })
    self.options = options
    deadline = options.duration.map { Clock.monotonic &+ UInt64(max(0, $0 / .nanoseconds(1))) }
  }

  /// Captures until `stop` is readable, nobody reads `output` any more, or the options' bounds are reached.
  ///
  /// - Parameters:
  ///   - stop: a descriptor such as `ProcessSignals.descriptor`.
  ///   - output: where packets go; nil where its reader's end does not matter.
  ///   - notice: is told that an interface has gone, and why.
  ///   - take: gets each batch, in order.
  public func run(
    until stop: Int32, output: Int32? = nil, notice: (String) -> Void = { _ in },
    take: ([CapturedPacket]) throws -> Void
  ) throws -> CaptureTally {
    while handles.contains(where: { $0 != nil }) || !merge.isEmpty {
      let (isStopped, isOutputGone) = try wait(stop, output)
      let isOver = isStopped || deadline.map { Clock.monotonic >= $0 } ?? false
      if isOver { try waitForLastBlocks() }
      try gather(notice, isLast: isOver)
      let isLast = isOver || handles.allSatisfy { $0 == nil }
      try give(isLast ? merge.all() : merge.due(at: Clock.monotonic), take)
      if isLast || isOutputGone || isFull { break }
    }
    for (index, handle) in handles.enumerated() { if let handle { tally.dropped[index] = handle.dropped() } }
    return tally
  }

  private var isFull: Bool { options.count.map { tally.captured >= $0 } ?? false }

  private func give(_ packets: [CapturedPacket], _ take: ([CapturedPacket]) throws -> Void) throws {
    let room = options.count.map { max(0, $0 - tally.captured) } ?? packets.count
    guard room > 0, !packets.isEmpty else { return }
    let wanted = Array(packets.prefix(room))
    try take(wanted)
    tally.captured += wanted.count
  }

  /// Waits until something is to be done.
  private func wait(_ stop: Int32, _ output: Int32?) throws -> (isStopped: Bool, isOutputGone: Bool) {
    var watched = [pollfd(fd: stop, events: Int16(POLLIN), revents: 0)]
    // No event is asked for: poll(2) tells of errors and hang-ups all the same. A negative number is skipped.
    watched.append(pollfd(fd: output ?? -1, events: 0, revents: 0))
    for handle in handles.compactMap({ $0 }) {
      watched.append(pollfd(fd: handle.descriptor, events: Int16(POLLIN), revents: 0))
      watched.append(pollfd(fd: handle.lifeDescriptor, events: Int16(POLLIN), revents: 0))
    }
    var milliseconds: Int32 = merge.isEmpty ? -1 : 20
    if let deadline {
      let now = Clock.monotonic
      let left = Int32(clamping: deadline > now ? (deadline - now) / 1_000_000 + 1 : 0)
      milliseconds = milliseconds < 0 ? left : min(left, milliseconds)
    }
    if poll(&watched, nfds_t(watched.count), milliseconds) < 0, errno != EINTR {
      throw SystemError(operation: "wait for", object: "packets", errno: errno)
    }
    return (watched[0].revents != 0, watched[1].revents != 0)
  }

  /// What came before the end shall be in it: the kernel gives a block away up to two of its times later.
  private func waitForLastBlocks() throws {
    var nothing = pollfd(fd: -1, events: 0, revents: 0)
    _ = poll(&nothing, 1, PacketHandle.blockMilliseconds * 5 / 2)
  }

  /// Takes what waits at each interface; the last time, only what came before now less the wait.
  private func gather(_ notice: (String) -> Void, isLast: Bool) throws {
    var packets: [CapturedPacket] = []
    let bound = isLast ? Clock.realtime : .max
    for (index, handle) in handles.enumerated() {
      guard let handle else { continue }
      let hasEnded = handle.hasEnded
      let limit = isLast ? Int.max : Self.turn
      let fault = handle.read(atMost: limit, as: index) { packet in
        guard packet.time <= bound else { return false }
        packets.append(packet)
        return true
      }
      guard hasEnded || fault != nil else { continue }
      notice("\(handle.point.label) has gone: \(fault ?? "its machine has ended")")
      tally.dropped[index] = handle.dropped()
      handles[index] = nil
    }
    merge.add(packets, at: Clock.monotonic)
  }

  private static func goHome() {
    // Where this fails the thread stays where it was: that costs a namespace for as long as this process lives.
    do { try NetworkNamespace.current().perform {} } catch {}
  }
}

extension Clock {
  /// Nanoseconds since 1970 (`CLOCK_REALTIME`): what packets are stamped with.
  static var realtime: UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
