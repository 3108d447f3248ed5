import Glibc
import Linux
import Quantities

/// The process that runs the encrypted wires of an installation: one, alive only while some are wanted.
///
/// The tunnels' processes are its children and connected to its socket; they end when it does, however it ends
/// (`--management-client`), so that the next keeper never finds one that it did not start.
public enum TunnelKeeper {
  /// The process's name (`proc_pid_comm(5)`).
  static let processName = "vc-wires"

  /// Starts a keeper where something is wanted and none lives. One that lives follows the list by itself.
  ///
  /// To be called after `TunnelList.write`. `start` starts a process that calls `run`.
  public static func ensure(_ places: TunnelPlaces, start: () throws -> Void) throws {
    if try TunnelList.read(places.wanted).isEmpty { return }
    let isAlone = try lock(places) != nil
    if isAlone { try start() }
  }

  /// The keeper's life: runs what is wanted, and returns when nothing is wanted any more, or another one lives.
  public static func run(_ places: TunnelPlaces) throws {
    try PrivateFile.makeFolders(places.folder)
    try TextFile.write("/proc/self/comm", processName)
    repeat {
      guard let held = try lock(places) else { return }
      try TunnelSupervisor(places).run()
      _ = consume held
      // Who wrote the list while the lock was still held has not started another keeper.
    } while try !TunnelList.read(places.wanted).isEmpty
  }

  /// Takes the lock; nil where a keeper has it.
  private static func lock(_ places: TunnelPlaces) throws(SystemError) -> Descriptor? {
    let file = try Descriptor(opening: places.lock, O_RDWR | O_CREAT)
    while flock(file.rawValue, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      if code == EWOULDBLOCK { return nil }
      if code != EINTR { throw SystemError(operation: "lock", object: places.lock, errno: code) }
    }
    return file
  }
}
