/// `--name VALUE`, `--name=VALUE`, `-n VALUE`, `-nVALUE`, or the environment variable of that name.
///
/// `Value` is an `ArgumentValue` with a default, an optional one, or an array (the option may then be repeated).
@propertyWrapper
public struct Option<Value>: Parameter {
  let declaration: Declaration
  private let slot: Slot<Value>
  private let reading: Reading<Value>

  /// What was given, or the default.
  public var wrappedValue: Value { slot.value }

  func assign(_ words: [String]) throws { slot.value = try reading.read(words) }

  /// An option that has a value even if it is not given.
  public init(
    wrappedValue: Value, _ name: String = "", short: Character? = nil, value: String, help: String,
    completion: Completion? = nil, isHidden: Bool = false
  ) where Value: ArgumentValue {
    self.init(.one(wrappedValue), wrappedValue, name, short, value, help, completion, isHidden)
  }

  /// An option that is nil unless it is given.
  public init<Wrapped: ArgumentValue>(
    wrappedValue: Value = nil, _ name: String = "", short: Character? = nil, value: String, help: String,
    completion: Completion? = nil, isHidden: Bool = false
  ) where Value == Wrapped? {
    self.init(.optional(wrappedValue), wrappedValue, name, short, value, help, completion, isHidden)
  }

  /// An option that may be repeated; in the environment its values are separated by commas.
  public init<Element: ArgumentValue>(
    wrappedValue: Value = [], _ name: String = "", short: Character? = nil, value: String, help: String,
    completion: Completion? = nil, isHidden: Bool = false
  ) where Value == [Element] {
    self.init(.many(wrappedValue), wrappedValue, name, short, value, help, completion, isHidden)
  }

  private init(
    _ reading: Reading<Value>, _ initial: Value, _ name: String, _ short: Character?, _ value: String,
    _ help: String, _ completion: Completion?, _ isHidden: Bool
  ) {
    self.reading = reading
    slot = Slot(initial)
    declaration = Declaration(
      kind: .option, name: name, short: short, valueName: value, help: help, defaultText: reading.initialText,
      choices: reading.choices, completion: completion ?? Completion(choices: reading.choices), isRequired: false,
      repeats: reading.repeats, isHidden: isHidden)
  }
}

extension Completion {
  init(choices: [String]) {
    self = choices.isEmpty ? .none : .choices(choices)
  }
}
