/// What somebody may do, each role all that the one before it may.
///
/// In a project it is for the project's infrastructures; cloud-wide it is for everything (``ActionRule``).
public enum Role: String, CaseIterable, Hashable, Comparable, Codable, Sendable {
  /// Sees the substrate and what is shared with them.
  case viewer
  /// Reserves and runs infrastructures of their own.
  case user
  /// Sees everything; drains hosts, ends leases, reads the audit log. In a project: runs everybody's.
  case `operator`
  /// Everything. In a project: also its members.
  case administrator

  public static func < (a: Role, b: Role) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .viewer: 0
    case .user: 1
    case .operator: 2
    case .administrator: 3
    }
  }
}
