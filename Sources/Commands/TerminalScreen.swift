import Glibc
import Linux
import Quantities

/// A terminal in the hands of a program that draws whole screens (termios(3), console_codes(4)).
final class TerminalScreen {
  private var saved = termios()

  /// Turns echo and line editing off, and shows the alternate screen.
  init() throws {
    try check(tcgetattr(0, &saved), "read settings of", "terminal")
    var raw = saved
    raw.c_lflag &= ~tcflag_t(ECHO | ICANON)
    try check(tcsetattr(0, TCSANOW, &raw), "change settings of", "terminal")
    write("\u{1b}[?1049h\u{1b}[?25l")
  }

  deinit {
    write("\u{1b}[?25h\u{1b}[?1049l")
    tcsetattr(0, TCSANOW, &saved)
  }

  /// Lines that fit; 24 where the terminal does not say.
  var rows: Int {
    var size = winsize()
    return ioctl(1, UInt(TIOCGWINSZ), &size) == 0 && size.ws_row > 0 ? Int(size.ws_row) : 24
  }

  /// What draws a text in place of the one before, without flicker.
  func frame(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).prefix(rows)
    return "\u{1b}[H" + lines.map { $0 + "\u{1b}[K" }.joined(separator: "\n") + "\u{1b}[J"
  }

  private func write(_ text: String) {
    _ = Array(text.utf8).withUnsafeBytes { Glibc.write(1, $0.baseAddress, $0.count) }
  }
}
