import CLinux
import Glibc

/// Waits for a moment of the wall clock or for a file to be written, whichever comes first.
///
/// Setting the clock wakes the waiter too (`TFD_TIMER_CANCEL_ON_SET`, timerfd_create(2)), so that a lease does
/// not end at what the clock used to say.
public struct Alarm: ~Copyable {
  private let timer: Descriptor
  private let watcher: Descriptor
  private let folder: String

  /// An alarm that any file written in `folder` sets off as well.
  public init(watching folder: String) throws(SystemError) {
    let timer = Descriptor(
      owning: try check(timerfd_create(CLOCK_REALTIME, Int32(TFD_CLOEXEC)), "create timer", "lease"))
    let watcher = Descriptor(owning: try check(inotify_init1(Int32(IN_CLOEXEC)), "watch", folder))
    try check(inotify_add_watch(watcher.rawValue, folder, UInt32(IN_CLOSE_WRITE)), "watch", folder)
    self.folder = folder
    self.timer = timer
    self.watcher = watcher
  }

  /// Blocks until `moment` (seconds since 1970) has come, the clock was set, or a file was written.
  public func wait(until moment: Int64) throws(SystemError) {
    var time = itimerspec()
    time.it_value.tv_sec = Int(moment)
    let flags = TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET
    try check(timerfd_settime(timer.rawValue, Int32(flags), &time, nil), "set timer", "lease")
    var events = [
      pollfd(fd: timer.rawValue, events: Int16(POLLIN), revents: 0),
      pollfd(fd: watcher.rawValue, events: Int16(POLLIN), revents: 0),
    ]
    let count = poll(&events, 2, -1)
    if count < 0, errno == EINTR { return }
    try check(count, "wait for", "lease")
    if events[1].revents != 0 {
      var buffer = [UInt8](repeating: 0, count: 4096)
      // What was written does not matter, only that something was.
      _ = try check(read(watcher.rawValue, &buffer, buffer.count), "read events of", folder)
    }
  }
}
