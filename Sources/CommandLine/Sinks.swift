import Glibc
import Quantities
import Synchronization

/// Writes to an open descriptor that it does not own.
public struct DescriptorSink: Sink {
  let descriptor: Int32
  let name: String

  /// `name` stands in messages, such as `standard output`.
  public init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
  }

  public func write(_ text: String) throws {
    var text = text
    try text.withUTF8 { try writeAll(UnsafeRawBufferPointer($0)) }
  }

  private func writeAll(_ bytes: UnsafeRawBufferPointer) throws {
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(descriptor, bytes.baseAddress?.advanced(by: done), bytes.count - done)
      if count >= 0 { done += count; continue }
      switch errno {
      case EINTR: continue
      case EAGAIN: waitUntilWritable()
      case EPIPE: throw BrokenPipe()
      case let code: throw cannotWrite(code)
      }
    }
  }

  /// A terminal shared with another program may have been made non-blocking.
  private func waitUntilWritable() {
    var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    _ = poll(&wanted, 1, -1)
  }

  private func cannotWrite(_ code: Int32) -> Problem {
    Problem(
      .failed, "output-failed", "Cannot write to \(name): \(String(cString: strerror(code))).",
      remedy: code == ENOSPC ? "Free some space where the output goes." : "Check where the output goes.")
  }
}

/// Keeps what is written, for tests.
public final class BufferSink: Sink {
  private let buffer = Mutex("")

  public init() {}

  public func write(_ text: String) {
    buffer.withLock { $0 += text }
  }

  /// All that was written so far.
  public var text: String { buffer.withLock { $0 } }
}
