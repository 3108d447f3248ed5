import Glibc
import Quantities

/// A lock that one process at a time holds, by flock(2) on a file in which the holder's process id stands.
///
/// The kernel releases it when the holder ends, however it ends. The file stays.
public struct FileLock: ~Copyable, Sendable {
  /// The file that is locked.
  public let path: String
  private let descriptor: Int32

  /// Takes the lock if it is free, or returns nil. Throws `Problem` if the file cannot be made or opened.
  public static func tryLock(_ path: String) throws -> FileLock? {
    let descriptor = try openFile(path)
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      if code == EINTR { continue }
      close(descriptor)
      if code == EWOULDBLOCK { return nil }
      throw StateProblem.system("flock", path, code)
    }
    return FileLock(path: path, descriptor: descriptor)
  }

  /// Takes the lock, waiting as long as it is held; blocks the calling thread.
  ///
  /// `waiting` is called once, with the holder's process id if it is known, before the wait begins. Throws
  /// `Problem` if the file cannot be made or opened.
  public static func lock(_ path: String, waiting: (Int32?) -> Void = { _ in }) throws -> FileLock {
    if let lock = try tryLock(path) { return lock }
    waiting(holder(of: path))
    let descriptor = try openFile(path)
    while flock(descriptor, LOCK_EX) != 0 {
      let code = errno
      if code == EINTR { continue }
      close(descriptor)
      throw StateProblem.system("flock", path, code)
    }
    return FileLock(path: path, descriptor: descriptor)
  }

  /// Takes the lock or throws a `Problem` `busy` that names the holder.
  public static func demand(_ path: String, toward purpose: String) throws -> FileLock {
    if let lock = try tryLock(path) { return lock }
    let owner = holder(of: path).map { "process \($0)" } ?? "another process"
    throw Problem(
      .failed, "busy", "Cannot \(purpose): \(owner) is already at work here ('\(path)' is locked).",
      remedy: "Wait until \(owner) is done, then run the command again.")
  }

  /// The process id that stands in the file, or nil. It may be that of an earlier holder if nobody holds the lock.
  public static func holder(of path: String) -> Int32? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = read(descriptor, &bytes, bytes.count)
    return Int32(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).filter(\.isNumber))
  }

  private static func openFile(_ path: String) throws -> Int32 {
    try StateFile.makeFolder(StateFile.folder(of: path))
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    if descriptor < 0 { throw StateProblem.system("open", path, errno) }
    return descriptor
  }

  /// Writes who holds the lock. The number only serves a message, so a full disk does not keep the lock away.
  private init(path: String, descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
    let line = Array("\(getpid())\n".utf8)
    if ftruncate(descriptor, 0) == 0 { _ = pwrite(descriptor, line, line.count, 0) }
  }

  deinit { close(descriptor) }
}
