import CLinux
import Glibc
import Linux

/// Tells which files of a folder were written or put in place (`inotify(7)`).
struct FolderWatch: ~Copyable {
  /// Readable when something changed.
  let descriptor: Descriptor
  private let folder: String

  init(_ folder: String) throws(SystemError) {
    let made = try check(inotify_init1(Int32(IN_CLOEXEC) | O_NONBLOCK), "watch", folder)
    let descriptor = Descriptor(owning: made)
    let events = UInt32(IN_CLOSE_WRITE) | UInt32(IN_MOVED_TO) | UInt32(IN_DELETE)
    try check(inotify_add_watch(made, folder, events), "watch", folder)
    self.descriptor = descriptor
    self.folder = folder
  }

  /// Names of the files that changed since the last call; nil where the kernel lost count of them.
  func changedNames() throws(SystemError) -> Set<String>? {
    var names: Set<String> = []
    var buffer = [UInt8](repeating: 0, count: 8192)
    while true {
      let count = read(descriptor.rawValue, &buffer, buffer.count)
      if count < 0, errno == EAGAIN { return names }
      if count < 0, errno == EINTR { continue }
      try check(count, "read events of", folder)
      guard Self.collect(buffer.prefix(count), into: &names) else { return nil }
    }
  }

  /// Reads `struct inotify_event` after `struct inotify_event`; false where the queue overflowed.
  private static func collect(_ bytes: ArraySlice<UInt8>, into names: inout Set<String>) -> Bool {
    var rest = bytes
    let header = MemoryLayout<inotify_event>.size
    while rest.count >= header {
      let event = rest.withUnsafeBytes { $0.loadUnaligned(as: inotify_event.self) }
      if event.mask & UInt32(IN_Q_OVERFLOW) != 0 { return false }
      let name = rest.dropFirst(header).prefix(Int(event.len)).prefix { $0 != 0 }
      names.insert(String(decoding: name, as: UTF8.self))
      rest = rest.dropFirst(header + Int(event.len))
    }
    return true
  }
}

extension Duration {
  /// For `poll(2)`: rounded up, so that what is due is due when it returns; at least 0.
  var milliseconds: Int32 {
    let (seconds, attoseconds) = components
    let count =
      seconds.multipliedReportingOverflow(by: 1000).partialValue + (attoseconds + 999_999_999_999_999)
      / 1_000_000_000_000_000
    return Int32(clamping: max(0, count))
  }
}
