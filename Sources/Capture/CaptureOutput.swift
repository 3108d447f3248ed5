import Glibc
import Linux
import Quantities

/// Where a capture is written: a new file, or a stream such as standard output.
public final class CaptureOutput {
  /// Nobody reads the stream any more, or it stands still while an end is wanted.
  public struct Ended: Error, Hashable, Sendable {}

  private let file: Descriptor?
  private let number: Int32
  private let name: String
  private let format: CaptureFormat
  private let stop: Int32
  private let isRegular: Bool
  /// Octets of whole records that a regular file holds.
  private var whole: off_t = 0

  /// The descriptor, so that its reader's end can be noticed.
  public var descriptor: Int32 { number }

  /// Makes a file that only its owner can read (mode 0600).
  ///
  /// Throws `file-exists` where there is one and `replaces` is false, `output-failed` where it cannot be made.
  ///
  /// - Parameter stop: a descriptor that is readable once an end is wanted.
  public static func file(
    _ path: String, replaces: Bool, format: CaptureFormat, stop: Int32
  ) throws(Problem) -> CaptureOutput {
    do throws(SystemError) {
      let flags = O_WRONLY | O_CREAT | O_NOCTTY | (replaces ? O_TRUNC : O_EXCL)
      let file = try Descriptor(opening: path, flags, mode: 0o600)
      var status = stat()
      try check(fstat(file.rawValue, &status), "stat", path)
      let isRegular = status.st_mode & S_IFMT == S_IFREG
      // What is replaced may have been open to others.
      if isRegular { try check(fchmod(file.rawValue, 0o600), "protect", path) }
      return CaptureOutput(file.release(), isOwner: true, "'\(path.excerpt)'", format, stop, isRegular)
    } catch {
      throw Problem(cannotMake: path, error)
    }
  }

  /// Writes to a stream that the caller owns, such as standard output.
  public static func stream(_ descriptor: Int32, name: String, format: CaptureFormat, stop: Int32) -> CaptureOutput {
    CaptureOutput(descriptor, isOwner: false, name, format, stop, false)
  }

  private init(
    _ number: Int32, isOwner: Bool, _ name: String, _ format: CaptureFormat, _ stop: Int32, _ isRegular: Bool
  ) {
    self.number = number
    file = isOwner ? Descriptor(owning: number) : nil
    self.name = name
    self.format = format
    self.stop = stop
    self.isRegular = isRegular
  }

  /// Writes what a capture begins with, so that a reader knows at once that it is one.
  public func begin(labels: [String], snapLength: Int) throws {
    try write(format.header(labels: labels, snapLength: snapLength))
  }

  /// Writes a batch at once.
  public func write(_ packets: [CapturedPacket]) throws {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(packets.reduce(0) { $0 + $1.bytes.count + 36 })
    for packet in packets { format.write(packet, to: &bytes) }
    try write(bytes)
  }

  /// Writes what a capture ends with.
  public func end(_ tally: CaptureTally) throws {
    try write(format.trailer(dropped: tally.dropped, time: Clock.realtime))
  }

  private func write(_ bytes: [UInt8]) throws {
    do {
      try bytes.withUnsafeBytes { try writeAll($0) }
      whole += off_t(bytes.count)
    } catch {
      // A file that cannot grow keeps its whole records. Should even this fail, the first error tells more.
      if isRegular { _ = ftruncate(number, whole) }
      throw error
    }
  }

  private func writeAll(_ bytes: UnsafeRawBufferPointer) throws {
    var done = 0
    while done < bytes.count {
      if !isRegular { try waitForReader() }
      // A pipe that can be written to takes this much without blocking (PIPE_BUF, pipe(7)).
      let size = isRegular ? bytes.count - done : min(4096, bytes.count - done)
      let count = Glibc.write(number, bytes.baseAddress?.advanced(by: done), size)
      let code = errno
      if count >= 0 { done += count; continue }
      if code == EPIPE { throw Ended() }
      if code != EINTR, code != EAGAIN { throw Problem(cannotWrite: name, code) }
    }
  }

  /// Waits until the stream takes more; at an end that is wanted, a second at most.
  private func waitForReader() throws {
    var watched = [
      pollfd(fd: number, events: Int16(POLLOUT), revents: 0), pollfd(fd: stop, events: Int16(POLLIN), revents: 0),
    ]
    while true {
      let isEnding = watched[1].revents != 0
      let code = poll(&watched, isEnding ? 1 : 2, isEnding ? 1000 : -1)
      if code < 0, errno == EINTR { continue }
      try check(code, "wait for", name)
      if watched[0].revents & Int16(POLLOUT) != 0 { return }
      if isEnding || watched[0].revents != 0 { throw Ended() }
    }
  }
}

extension Problem {
  fileprivate init(cannotMake path: String, _ error: SystemError) {
    if error.isExists {
      self.init(
        .failed, "file-exists", "There is a file '\(path.excerpt)' already.",
        remedy: "Name another, or replace it with '--force'.")
    } else {
      self.init(
        .failed, "output-failed", "Cannot make '\(path.excerpt)': \(String(cString: strerror(error.errno))).",
        remedy: "Name a file in a folder that you may write to.")
    }
  }

  fileprivate init(cannotWrite name: String, _ code: Int32) {
    self.init(
      .failed, "output-failed", "Cannot write to \(name): \(String(cString: strerror(code))).",
      remedy: code == ENOSPC ? "Free some space where the output goes." : "Check where the output goes.")
  }
}
