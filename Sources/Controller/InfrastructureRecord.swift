import Infrastructure
import Planning
import Quantities

/// What is kept of an admitted infrastructure: everything that the kernel does not know better.
public struct InfrastructureRecord: Hashable, Codable, Sendable {
  /// Where it is in its life. A phase is durable before its effect, so that a crash is mended by going on.
  public enum Phase: String, Hashable, Codable, Sendable, CaseIterable {
    /// Admitted; its machines are being made.
    case building
    case running
    /// Its end was asked for, by its user, an administrator, or the clock.
    case ending
    /// Building failed; `cause` says why. Left by `up` or `down`.
    case failed
  }

  public var admission: Admission
  public var phase: Phase
  /// User id of who asked for it.
  public var owner: UInt32
  /// Seconds since 1970.
  public var created: Int64
  /// Seconds since 1970 at which the lease ends; nil is until somebody ends it.
  public var ends: Int64?
  /// Why it failed, or why it ends.
  public var cause: String?

  public init(
    admission: Admission, phase: Phase, owner: UInt32, created: Int64, ends: Int64?, cause: String? = nil
  ) {
    self.admission = admission
    self.phase = phase
    self.owner = owner
    self.created = created
    self.ends = ends
    self.cause = cause
  }

  /// Its name.
  public var name: Name { admission.infrastructure.name }

  /// True where its machines should be there at `now`, in seconds since 1970.
  public func isWanted(at now: Int64) -> Bool {
    if phase == .ending { return false }
    guard let ends else { return true }
    return now < ends
  }
}
