import Glibc
import Linux

/// Joins our terminal and a machine's until the machine's side hangs up.
enum TerminalRelay {
  static func run(_ master: borrowing Descriptor) throws {
    var saved = termios()
    let isTerminal = tcgetattr(0, &saved) == 0
    if isTerminal {
      var raw = saved
      cfmakeraw(&raw)
      try check(tcsetattr(0, TCSADRAIN, &raw), "set terminal", "raw")
    }
    defer { if isTerminal { tcsetattr(0, TCSADRAIN, &saved) } }
    var isInputOpen = true
    var size = winsize()
    while true {
      // A window's new size is seen at the next key or a quarter of a second later.
      if isTerminal { copySize(to: master, &size) }
      var requests = [
        pollfd(fd: master.rawValue, events: Int16(POLLIN), revents: 0),
        pollfd(fd: isInputOpen ? 0 : -1, events: Int16(POLLIN), revents: 0),
      ]
      if poll(&requests, 2, 250) < 0 && errno != EINTR { return }
      if requests[0].revents != 0, try !copy(master.rawValue, 1) { return }
      if requests[1].revents != 0 { isInputOpen = try copy(0, master.rawValue) }
    }
  }

  private static func copySize(to master: borrowing Descriptor, _ last: inout winsize) {
    var size = winsize()
    guard ioctl(0, UInt(TIOCGWINSZ), &size) == 0 else { return }
    guard size.ws_row != last.ws_row || size.ws_col != last.ws_col else { return }
    last = size
    _ = ioctl(master.rawValue, UInt(TIOCSWINSZ), &size)  // the size is a courtesy
  }

  /// False at the end; a hung-up terminal answers EIO (`pty(7)`).
  private static func copy(_ source: Int32, _ target: Int32) throws -> Bool {
    var buffer = [UInt8](repeating: 0, count: 16384)
    let count = read(source, &buffer, buffer.count)
    if count < 0 { return errno == EAGAIN || errno == EINTR }
    if count == 0 { return false }
    var rest = buffer[..<count]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { write(target, $0.baseAddress, $0.count) }
      if written < 0 && errno == EAGAIN {
        var request = pollfd(fd: target, events: Int16(POLLOUT), revents: 0)
        poll(&request, 1, 1000)
      } else if written < 0 && errno != EINTR {
        return false
      } else if written > 0 {
        rest = rest.dropFirst(written)
      }
    }
    return true
  }
}
