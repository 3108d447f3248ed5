import Infrastructure
import Planning
import Quantities

/// What is kept of an admitted infrastructure: everything that the kernel does not know better.
public struct InfrastructureRecord: Hashable, Sendable {
  /// Where it is in its life. A phase is durable before its effect, so that a crash is mended by going on.
  public enum Phase: String, Hashable, Codable, Sendable, CaseIterable {
    /// Admitted for later; nothing of it is there yet.
    case reserved
    /// Admitted; its machines are being made.
    case building
    case running
    /// It is there, but its machines get no processor time.
    case paused
    /// It could not be built, for its `cause`; what it reserves is kept until it is tried again or taken down.
    case failed
    /// Its end was asked for, by its user, an administrator, or the clock.
    case ending
  }

  /// Who holds it, in which phase, until when.
  public struct Standing: Hashable, Codable, Sendable {
    public var phase: Phase
    /// Who asked for it.
    public var caller: Caller
    /// Seconds since 1970.
    public var created: Int64
    /// When the lease starts, where it was reserved for later; nil is when it was created.
    public var starts: Int64?
    /// Seconds since 1970 at which the lease ends; nil is until somebody ends it.
    public var ends: Int64?
    /// What is wrong with it, or why it ends.
    public var cause: String?
    /// Its machines get no processor time.
    public var isPaused = false
    /// Machines of a host that is lost are started on another.
    public var restartsElsewhere = false
    /// The moment of which its owner was told that it is near: the end, and how long before, seconds.
    public var warned: [Int64] = []
    /// Names this state of it; grows with every change.
    public var revision: Int64 = 0
  }

  public var admission: Admission
  public var standing: Standing

  /// Its name.
  public var name: Name { admission.infrastructure.name }
  /// Seconds since 1970.
  public var created: Int64 { standing.created }

  /// When its lease starts and ends; `.distantFuture` where it has no end.
  public var interval: Range<Timestamp> {
    let start = Timestamp(seconds: standing.starts ?? standing.created)
    let end = standing.ends.map(Timestamp.init(seconds:)) ?? .distantFuture
    return start..<max(start, end)
  }

  /// True where its machines should be there at `now`.
  public func isWanted(at now: Timestamp) -> Bool { standing.phase != .ending && interval.contains(now) }

  /// True where its lease has ended, or it was ended.
  public func isOver(at now: Timestamp) -> Bool { standing.phase == .ending || interval.upperBound <= now }

  /// True where it was reserved for later and should have begun.
  public func isDue(at now: Timestamp) -> Bool { standing.phase == .reserved && isWanted(at: now) }

  /// The admission with what the timeline asks for at `now`.
  public func admission(at now: Timestamp) -> Admission {
    guard !admission.infrastructure.timeline.isEmpty else { return admission }
    var admission = admission
    let age = now - interval.lowerBound
    let phases = admission.infrastructure.phases(within: nil)
    admission.infrastructure = (phases.last { $0.begin <= age } ?? phases[0]).infrastructure
    return admission
  }

  /// The next moment after `now` at which something of it begins, changes or ends; nil where nothing does.
  public func nextEvent(after now: Timestamp) -> Timestamp? {
    let changes = admission.infrastructure.timeline.map { interval.lowerBound + $0.after }
    return ([interval.lowerBound, interval.upperBound] + changes).filter { $0 > now && $0 < .distantFuture }.min()
  }
}
