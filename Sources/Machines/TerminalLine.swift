import Linux

/// A program with a terminal, wherever it runs. Safe from any thread.
public protocol TerminalLine: Sendable {
  /// What the program has written; empty where it has written nothing for `milliseconds`, nil at its end.
  func read(waiting milliseconds: Int32) -> [UInt8]?
  /// Types into it. Throws where it has ended, or has had no room for long.
  func write(_ bytes: [UInt8]) throws(SystemError)
  /// Gives its window that size, in characters.
  func resize(columns: UInt16, rows: UInt16) throws(SystemError)
  /// Tells the program that its user has gone (SIGHUP).
  func hangUp()
  /// Ends the program in any case.
  func end()
  /// Waits for the program's end, and gives its status: 0 to 255.
  func wait() throws -> Int32
}

extension MachineTerminal: TerminalLine {}

extension TerminalLine {
  /// Hands on what the program writes until its end, and gives its status, 255 where nobody knows it; on the caller's
  /// thread.
  ///
  /// - Parameters:
  ///   - milliseconds: How often it looks whether the program shall end.
  ///   - isEnding: True when it shall: it is hung up, and killed where it goes on for two seconds.
  public func relay(
    looking milliseconds: Int32, isEnding: () -> Bool, to take: (_ output: [UInt8]) -> Void
  ) -> Int32 {
    var hungUp: UInt64?
    while let bytes = read(waiting: milliseconds) {
      if !bytes.isEmpty { take(bytes) }
      guard isEnding() else { continue }
      if let begun = hungUp {
        if Clock.monotonic > begun + 2_000_000_000 { break }
      } else {
        hungUp = Clock.monotonic
        hangUp()
      }
    }
    // What has hung up may live on without a terminal: nobody could end it any more.
    end()
    // It was killed: waiting cannot take long. Its status is not known only if somebody else has waited for it.
    return (try? wait()) ?? 255
  }
}
