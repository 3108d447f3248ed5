/// How one end of an encrypted wire is doing.
public struct TunnelStatus: Codable, Hashable, Sendable {
  /// What its process said last, or what became of it.
  public enum State: String, Codable, Hashable, Sendable {
    /// The process runs and has not reached its peer yet.
    case starting
    /// The process says that it has authenticated its peer and that traffic passes.
    case connected
    /// It was connected; the peer has fallen silent and is sought.
    case disconnected
    /// The process has ended by itself and will be started again.
    case restarting
    /// The process could not be started at all; it is tried again.
    case failed
    /// The process is not wanted any more, and has been told to end.
    case ending
  }

  /// `INFRASTRUCTURE/WIRE`.
  public var label: String
  public var key: String
  public var role: TunnelSpec.Role
  public var state: State
  /// The process that runs.
  public var process: Int32?
  /// How often the process has ended by itself.
  public var restarts = 0
  /// How it ended last, such as `signal 9`.
  public var lastExit: String?
  /// The last line of its log, or why it could not be started.
  public var lastLog: String?
  /// The last lines of its log, oldest first; 20 at most.
  public var log: [String] = []

  /// `TunnelSpec.identity` of the end.
  public var identity: String { "\(key)-\(role.rawValue)" }

  /// A phrase for tables, such as `restarting (3 times, last: signal 9)`.
  public var summary: String {
    let exit = lastExit.map { ", last: \($0)" } ?? ""
    switch state {
    case .restarting: return "restarting (\(restarts == 1 ? "once" : "\(restarts) times")\(exit))"
    case .failed: return "failed (\(lastLog ?? "no reason given"))"
    case .starting, .connected, .disconnected, .ending: return state.rawValue
    }
  }
}
