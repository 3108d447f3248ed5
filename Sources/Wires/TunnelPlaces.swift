/// Where the encrypted wires of one installation have their files; all in one folder, mode 0700.
public struct TunnelPlaces: Hashable, Sendable {
  /// The folder, in the installation's run directory.
  public let folder: String

  /// The places in a run directory such as `/run/virtcloud`.
  public init(runDirectory: String) { folder = runDirectory + "/wires" }

  /// What is wanted: a `TunnelList`.
  public var wanted: String { folder + "/" + Self.wantedName }
  /// What is: a `TunnelReport`.
  public var report: String { folder + "/" + Self.reportName }
  /// The lock that the keeper holds while it lives.
  public var lock: String { folder + "/lock" }
  /// The Unix socket to which the tunnels' processes connect.
  public var socket: String { folder + "/socket" }

  static let wantedName = "wanted.json"
  static let reportName = "report.json"
}
