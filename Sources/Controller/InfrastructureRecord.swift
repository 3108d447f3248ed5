import Infrastructure
import Planning
import Quantities

/// What is kept of an admitted infrastructure: everything that the kernel does not know better.
public struct InfrastructureRecord: Hashable, Sendable {
  /// Where it is in its life. A phase is durable before its effect, so that a crash is mended by going on.
  public enum Phase: String, Hashable, Codable, Sendable, CaseIterable {
    /// Admitted; its machines are being made.
    case building
    case running
    /// Its end was asked for, by its user, an administrator, or the clock.
    case ending
  }

  /// Who holds it, in which phase, until when.
  public struct Standing: Hashable, Codable, Sendable {
    public var phase: Phase
    /// User id of who asked for it.
    public var owner: UInt32
    /// Seconds since 1970.
    public var created: Int64
    /// Seconds since 1970 at which the lease ends; nil is until somebody ends it.
    public var ends: Int64?
    /// What is wrong with it, or why it ends.
    public var cause: String?
  }

  public var admission: Admission
  public var standing: Standing

  /// Its name.
  public var name: Name { admission.infrastructure.name }
  /// Seconds since 1970.
  public var created: Int64 { standing.created }

  /// True where its machines should be there at `now`, in seconds since 1970.
  public func isWanted(at now: Int64) -> Bool {
    standing.phase != .ending && (standing.ends.map { now < $0 } ?? true)
  }
}
