/// What a parameter declares about itself; help, completion and manual pages are made from it.
public struct Declaration: Hashable, Sendable {
  /// How the parameter is written on the command line.
  public enum Kind: Hashable, Sendable {
    /// `--name VALUE`.
    case option
    /// `--name`.
    case flag
    /// A word by its position.
    case argument
    /// Everything after `--`.
    case passthrough
  }

  public var kind: Kind
  /// Long name without dashes; made from the property's name unless given.
  public var name: String
  /// One letter, without its dash.
  public var short: Character?
  /// What stands for the value in help, such as `FILE`.
  public var valueName: String
  /// One phrase without a full stop.
  public var help: String
  /// The default as a user would type it.
  public var defaultText: String?
  /// The words that are allowed, where they can be listed.
  public var choices: [String]
  public var completion: Completion
  /// Whether the command refuses to run without it.
  public var isRequired: Bool
  /// Whether it may be given more than once.
  public var repeats: Bool
  /// Whether help and completion leave it out.
  public var isHidden: Bool

  /// Environment variable that stands in for the option or flag.
  public func environmentName(program: String) -> String {
    (program + "_" + name).uppercased().replacing("-", with: "_")
  }
}

/// A stored property of a command that the parser can see and fill.
protocol Parameter {
  var declaration: Declaration { get }
  /// Reads the words given for this parameter, in order; throws what makes no sense.
  func assign(_ words: [String]) throws
}

/// Where a parameter's value stands.
///
/// A reference, because reflection hands the parser a copy of the property. A command is filled by the parser
/// before it runs and read only afterwards, on one task.
final class Slot<Value> {
  var value: Value

  init(_ value: Value) {
    self.value = value
  }
}

/// How words become a value: one word, at most one, or any number.
struct Reading<Value> {
  var initial: Value?
  var initialText: String?
  var choices: [String]
  var repeats: Bool
  var read: ([String]) throws -> Value
}

extension Reading where Value: ArgumentValue {
  static func one(_ initial: Value?) -> Reading {
    Reading(
      initial: initial, initialText: initial?.argumentText, choices: Value.choices, repeats: false,
      read: { try Value(argument: $0.last ?? "") })
  }
}

extension Reading {
  static func optional<Wrapped: ArgumentValue>(_ initial: Wrapped?) -> Reading where Value == Wrapped? {
    Reading(
      initial: .some(initial), initialText: initial?.argumentText, choices: Wrapped.choices, repeats: false,
      read: { try $0.last.map { try Wrapped(argument: $0) } })
  }

  static func many<Element: ArgumentValue>(_ initial: [Element]) -> Reading where Value == [Element] {
    Reading(
      initial: initial, initialText: initial.isEmpty ? nil : initial.map(\.argumentText).joined(separator: ","),
      choices: Element.choices, repeats: true,
      read: { try $0.map { try Element(argument: $0) } })
  }
}
