import CWeb
import Glibc
import Linux
import Synchronization

/// What threads wake each other with: rung once, it stays rung until somebody has heard it.
final class Bell: Sendable {
  private let event: Descriptor

  init() throws(SystemError) {
    event = Descriptor(
      owning: try check(eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK)), "wait for", "events"))
  }

  /// Readable while it is rung.
  var descriptor: Int32 { event.rawValue }

  func ring() {
    var one: UInt64 = 1
    // It can only fail where it is rung already.
    _ = write(event.rawValue, &one, 8)
  }

  /// Makes it silent again.
  func silence() {
    var count: UInt64 = 0
    _ = read(event.rawValue, &count, 8)
  }

  /// Waits until it is rung, or for so many milliseconds; true where it was. It stays rung.
  @discardableResult
  func wait(milliseconds: Int) -> Bool {
    var watched = pollfd(fd: event.rawValue, events: Int16(POLLIN), revents: 0)
    return poll(&watched, 1, Int32(clamping: milliseconds)) > 0
  }
}

/// The latest of something that one thread gives and another takes.
final class Mailbox<Item: Sendable>: Sendable {
  private let item = Mutex<Item?>(nil)
  private let bell: Bell

  init(_ bell: Bell) { self.bell = bell }

  /// Puts it in the place of one that was not taken yet.
  func put(_ new: Item) {
    item.withLock { $0 = new }
    bell.ring()
  }

  func take() -> Item? {
    item.withLock { item in
      defer { item = nil }
      return item
    }
  }

  /// Puts back what could not be delivered, unless there is something newer.
  func putBack(_ old: Item) { item.withLock { $0 = $0 ?? old } }
}
