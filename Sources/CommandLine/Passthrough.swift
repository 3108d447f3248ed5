/// Everything after `--`, untouched: the command that `exec` runs.
@propertyWrapper
public struct Passthrough: Parameter {
  let declaration: Declaration
  private let slot = Slot<[String]>([])

  /// The words, without `--` itself.
  public var wrappedValue: [String] { slot.value }

  func assign(_ words: [String]) throws { slot.value = words }

  /// `value` is shown in the usage line, such as `CMD`.
  public init(_ value: String = "CMD", help: String, isRequired: Bool = true) {
    declaration = Declaration(
      kind: .passthrough, name: "", short: nil, valueName: value, help: help, defaultText: nil, choices: [],
      completion: .none, isRequired: isRequired, repeats: true, isHidden: false)
  }
}
