/// `--name` or `-n`: false unless given; in the environment `1`, `true`, `yes`, `on` and their opposites.
@propertyWrapper
public struct Flag: Parameter {
  let declaration: Declaration
  private let slot = Slot(false)

  /// Whether it was given.
  public var wrappedValue: Bool { slot.value }

  func assign(_ words: [String]) throws { slot.value = try Usage.truth(words.last ?? "true") }

  /// A flag; its long name is made from the property's name unless given.
  public init(_ name: String = "", short: Character? = nil, help: String, isHidden: Bool = false) {
    declaration = Declaration(
      kind: .flag, name: name, short: short, valueName: "", help: help, defaultText: nil, choices: [],
      completion: .none, isRequired: false, repeats: false, isHidden: isHidden)
  }
}
