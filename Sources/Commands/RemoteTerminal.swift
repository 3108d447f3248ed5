import API
import Client
import Dispatch
import Glibc
import Linux
import Quantities

/// A command in a node of a cloud elsewhere, with this terminal as its own.
final class RemoteTerminal {
  private let client: CloudClient
  private var saved: termios?

  init(_ client: CloudClient) { self.client = client }

  /// Runs the command to its end; its status, 128 and the signal where one ended it.
  func run(_ name: String, node: String, command: [String]) throws -> Int32 {
    var size = winsize()
    let isTerminal = isatty(0) == 1 && ioctl(0, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    let terminal = try client.openTerminal(
      in: name, node: node,
      TerminalRequest(
        columns: isTerminal ? Int(size.ws_col) : nil, rows: isTerminal ? Int(size.ws_row) : nil,
        command: command.isEmpty ? nil : command))
    if isTerminal { try becomeRaw() }
    defer { restore() }
    pass(input: terminal.id)
    var status: Int32?
    try client.watch(terminal: terminal.id) { event in
      switch event {
      case .output(let bytes): return Self.write(bytes)
      case .exit(let code):
        status = code
        return false
      }
    }
    if let status { return status }
    throw Problem(
      .failed, "controller-lost", "The terminal in \(node) of \(name) ended before its command did.",
      remedy: "Open another one; 'virtcloud show \(name)' says whether the node runs.")
  }

  /// What is typed goes to the node as it is: its own terminal edits lines and makes signals of keys.
  private func becomeRaw() throws {
    var settings = termios()
    try check(tcgetattr(0, &settings), "read settings of", "terminal")
    saved = settings
    cfmakeraw(&settings)
    try check(tcsetattr(0, TCSANOW, &settings), "change settings of", "terminal")
  }

  private func restore() {
    guard var saved else { return }
    // The command has ended; a terminal that is gone needs no settings.
    _ = tcsetattr(0, TCSANOW, &saved)
  }

  /// Sends what comes in, on a thread of its own, until nothing more does.
  private func pass(input terminal: String) {
    DispatchQueue(label: "virtcloud.terminal").async { [client] in
      var chunk = [UInt8](repeating: 0, count: 4096)
      while true {
        let count = read(0, &chunk, chunk.count)
        if count < 0, errno == EINTR { continue }
        // Ctrl-D is how a terminal says that there is no more.
        let bytes = count > 0 ? Array(chunk.prefix(count)) : [4]
        // Whoever reads the output sees the end of the terminal.
        guard (try? client.type(bytes, into: terminal)) != nil, count > 0 else { return }
      }
    }
  }

  private static func write(_ bytes: [UInt8]) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(1, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }
}
