/// A duration that JSON has as text, such as `1h30m` or `10ms`.
@propertyWrapper
public struct DurationText: Hashable, Sendable {
  /// The duration itself.
  public var wrappedValue: Duration

  /// As text, that duration.
  public init(wrappedValue: Duration) { self.wrappedValue = wrappedValue }
}

extension DurationText: TextCodable {
  /// Reads `1h30m`. Throws what `Duration(parsing:)` throws.
  public init(parsing text: String) throws(Problem) { wrappedValue = try Duration(parsing: text) }

  /// As `Duration.text` gives it.
  public var description: String { wrappedValue.text }
}
