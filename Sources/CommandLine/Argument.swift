/// A word by its position: required, optional (nil or a default if left out), or any number as the last one.
@propertyWrapper
public struct Argument<Value>: Parameter {
  let declaration: Declaration
  private let slot: Slot<Value?>
  private let reading: Reading<Value>

  /// What was given, or the default; a required one only exists after parsing.
  public var wrappedValue: Value {
    guard let value = slot.value else {
      preconditionFailure("'\(declaration.valueName)' was read before the command line was parsed")
    }
    return value
  }

  func assign(_ words: [String]) throws { slot.value = try reading.read(words) }

  /// A word that must be given.
  public init(_ value: String = "", help: String, completion: Completion? = nil) where Value: ArgumentValue {
    self.init(.one(nil), value, help, completion, isRequired: true)
  }

  /// A word that has a default.
  public init(
    wrappedValue: Value, _ value: String = "", help: String, completion: Completion? = nil
  ) where Value: ArgumentValue {
    self.init(.one(wrappedValue), value, help, completion, isRequired: false)
  }

  /// A word that is nil unless it is given.
  public init<Wrapped: ArgumentValue>(
    wrappedValue: Value = nil, _ value: String = "", help: String, completion: Completion? = nil
  ) where Value == Wrapped? {
    self.init(.optional(wrappedValue), value, help, completion, isRequired: false)
  }

  /// All the words that are left; at least one if `isRequired`.
  public init<Element: ArgumentValue>(
    wrappedValue: Value = [], _ value: String = "", help: String, completion: Completion? = nil,
    isRequired: Bool = false
  ) where Value == [Element] {
    self.init(.many(wrappedValue), value, help, completion, isRequired: isRequired)
  }

  private init(
    _ reading: Reading<Value>, _ value: String, _ help: String, _ completion: Completion?, isRequired: Bool
  ) {
    self.reading = reading
    slot = Slot(reading.initial)
    declaration = Declaration(
      kind: .argument, name: "", short: nil, valueName: value, help: help, defaultText: reading.initialText,
      choices: reading.choices, completion: completion ?? Completion(choices: reading.choices),
      isRequired: isRequired, repeats: reading.repeats, isHidden: false)
  }
}
