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
    if try !TunnelList.read(places.wanted).isEmpty, try keeper(places) == nil { try start() }
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

  /// The process that is the keeper; nil where there is none.
  static func keeper(_ places: TunnelPlaces) throws(SystemError) -> pid_t? {
    do {
      let file = try Descriptor(opening: places.lock, O_RDONLY)
      var whole = exclusive
      whole.l_type = Int16(F_RDLCK)
      try check(fcntl(file.rawValue, F_GETLK, &whole), "ask for the lock", places.lock)
      return whole.l_type == Int16(F_UNLCK) ? nil : whole.l_pid
    } catch  where error.isNotFound {
      return nil
    }
  }

  /// Takes the lock; nil where a keeper has it. It is one of `fcntl(2)`, not of `flock(2)`: to ask for it does not
  /// take it for a moment, and the answer says who has it.
  private static func lock(_ places: TunnelPlaces) throws(SystemError) -> Descriptor? {
    let file = try Descriptor(opening: places.lock, O_RDWR | O_CREAT)
    var whole = exclusive
    let result = fcntl(file.rawValue, F_SETLK, &whole)
    if result < 0, errno == EACCES || errno == EAGAIN { return nil }
    try check(result, "lock", places.lock)
    return file
  }

  /// A lock on a whole file.
  private static var exclusive: flock {
    flock(l_type: Int16(F_WRLCK), l_whence: Int16(SEEK_SET), l_start: 0, l_len: 0, l_pid: 0)
  }
}
