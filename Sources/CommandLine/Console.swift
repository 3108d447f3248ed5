import Glibc
import Quantities

/// Where bytes go: a descriptor, or a buffer in a test.
public protocol Sink: Sendable {
  /// Writes all the bytes. Throws `BrokenPipe` if nobody reads any more, `Problem` if they cannot be written.
  func write(_ text: String) throws
}

/// Nobody reads standard output any more, as in `virtcloud list | head`; the program ends quietly.
public struct BrokenPipe: Error, Hashable, Sendable {}

/// Standard output and standard error, and what is known about the terminals behind them.
public struct Console: Sendable {
  private let outSink: any Sink
  private let errorSink: any Sink
  /// Attributes and width of standard output.
  public let outStyle: Style
  /// Attributes and width of standard error.
  public let errorStyle: Style
  /// Whether a person watches standard error.
  public var errorIsTerminal: Bool { errorStyle.width != nil }
  /// Whether a person watches standard output.
  public var outIsTerminal: Bool { outStyle.width != nil }

  /// A console; both streams are no terminals unless their style has a width.
  public init(out: any Sink, error: any Sink, outStyle: Style = .plain, errorStyle: Style = .plain) {
    outSink = out
    errorSink = error
    self.outStyle = outStyle
    self.errorStyle = errorStyle
  }

  /// The console of this process. `NO_COLOR` (no-color.org) and `TERM=dumb` switch attributes off.
  public static func standard(environment: [String: String]) -> Console {
    Console(
      out: DescriptorSink(descriptor: STDOUT_FILENO, name: "standard output"),
      error: DescriptorSink(descriptor: STDERR_FILENO, name: "standard error"),
      outStyle: Style.of(STDOUT_FILENO, environment), errorStyle: Style.of(STDERR_FILENO, environment))
  }

  /// Writes data to standard output.
  public func out(_ text: String) throws {
    try outSink.write(text)
  }

  /// Writes a message to standard error. A message that cannot be shown has nobody to be told about it.
  public func message(_ text: String) {
    do { try errorSink.write(text) } catch {}
  }
}

extension Style {
  static func of(_ descriptor: Int32, _ environment: [String: String]) -> Style {
    guard isatty(descriptor) == 1 else { return .plain }
    var size = winsize()
    let isKnown = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
    let isPlain = !(environment["NO_COLOR"] ?? "").isEmpty || environment["TERM"] == "dumb"
    return Style(isColoured: !isPlain, width: isKnown ? Int(size.ws_col) : 80)
  }
}
