import Quantities

extension InfrastructureRecord.Standing {
  private enum CodingKeys: CodingKey {
    case phase, caller, owner, created, starts, ends, cause, isPaused, restartsElsewhere, warned, revision
  }

  /// Reads also what versions before the service wrote: a user id where there is a caller now.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let user = try container.decodeIfPresent(UInt32.self, forKey: .owner)
    let caller = try container.decodeIfPresent(Caller.self, forKey: .caller)
    self.init(
      phase: try container.decode(InfrastructureRecord.Phase.self, forKey: .phase),
      caller: caller ?? Caller(user: user == 0 ? "root" : "uid:\(user ?? 0)"),
      created: try container.decode(Int64.self, forKey: .created),
      starts: try container.decodeIfPresent(Int64.self, forKey: .starts),
      ends: try container.decodeIfPresent(Int64.self, forKey: .ends),
      cause: try container.decodeIfPresent(String.self, forKey: .cause))
    isPaused = try container.decodeIfPresent(Bool.self, forKey: .isPaused) ?? false
    restartsElsewhere = try container.decodeIfPresent(Bool.self, forKey: .restartsElsewhere) ?? false
    warned = try container.decodeIfPresent([Int64].self, forKey: .warned) ?? []
    revision = try container.decodeIfPresent(Int64.self, forKey: .revision) ?? 0
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(phase, forKey: .phase)
    try container.encode(caller, forKey: .caller)
    try container.encode(created, forKey: .created)
    try container.encodeIfPresent(starts, forKey: .starts)
    try container.encodeIfPresent(ends, forKey: .ends)
    try container.encodeIfPresent(cause, forKey: .cause)
    if isPaused { try container.encode(true, forKey: .isPaused) }
    if restartsElsewhere { try container.encode(true, forKey: .restartsElsewhere) }
    if !warned.isEmpty { try container.encode(warned, forKey: .warned) }
    try container.encode(revision, forKey: .revision)
  }
}
