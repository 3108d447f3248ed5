/// What a token is good for, at most; a scope only narrows what the token's owner may do.
///
/// Each includes the ones before it: who may write may plan, who may plan may read.
public enum Scope: String, CaseIterable, Hashable, Comparable, Codable, Sendable {
  /// Look, change nothing.
  case read
  /// Also ask whether something could be reserved.
  case plan
  /// Also build, change and end infrastructures.
  case write
  /// Also everything else that the owner may do: tokens, hosts, projects, substrate.
  case admin

  /// No narrowing: what a person has who did not come with a token.
  public static let all: Set<Scope> = Set(allCases)

  public static func < (a: Scope, b: Scope) -> Bool { a.rank < b.rank }

  private var rank: Int {
    switch self {
    case .read: 0
    case .plan: 1
    case .write: 2
    case .admin: 3
    }
  }
}

extension Set<Scope> {
  /// True where one of these scopes includes `scope`.
  public func grants(_ scope: Scope) -> Bool { contains { $0 >= scope } }
}
