import Quantities

/// A type that one word of the command line can be read into.
public protocol ArgumentValue: Sendable {
  /// Reads the word; throws `Problem` (its message and remedy are shown) or any error if it makes no sense.
  init(argument: String) throws
  /// The words that are allowed, where they can be listed; empty if not.
  static var choices: [String] { get }
  /// The word that would be read into this value; shown as the default.
  var argumentText: String { get }
}

extension ArgumentValue {
  public static var choices: [String] { [] }
}

extension ArgumentValue where Self: RawRepresentable & CaseIterable, RawValue == String {
  public static var choices: [String] { allCases.map(\.rawValue) }
  public var argumentText: String { rawValue }

  public init(argument: String) throws {
    guard let value = Self(rawValue: argument) else { throw Usage.notAmong(argument, Self.choices) }
    self = value
  }
}

extension String: ArgumentValue {
  public init(argument: String) { self = argument }
  public var argumentText: String { self }
}

extension Int: ArgumentValue {
  public init(argument: String) throws {
    guard let value = Int(argument) else {
      throw Problem(
        .invalid, "bad-value", "'\(argument)' is not a whole number.", remedy: "Write digits only, such as 10.")
    }
    self = value
  }

  public var argumentText: String { String(self) }
}

/// What the shell offers when a parameter's word is being typed.
public enum Completion: Hashable, Sendable {
  /// Nothing.
  case none
  /// Names of files; with suffixes (such as `.vc.yaml`) only those, and folders.
  case file(suffixes: [String] = [])
  /// Names of folders.
  case directory
  /// The fixed words.
  case choices([String])
  /// Names of infrastructures, asked from the program.
  case infrastructure
  /// Names of the nodes of the infrastructure named before, asked from the program.
  case node
  /// Names of a kind of object of the program's own, asked from the program.
  case dynamic(String)
}
