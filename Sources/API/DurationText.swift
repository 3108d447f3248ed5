import Quantities

/// A duration that JSON has as text, such as `1h30m` or `10ms`.
@propertyWrapper
public struct DurationText: Codable, Hashable, Sendable {
  public var wrappedValue: Duration

  public init(wrappedValue: Duration) { self.wrappedValue = wrappedValue }

  /// Throws a `DecodingError`.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do {
      wrappedValue = try Duration(parsing: try container.decode(String.self))
    } catch let problem as Problem {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: problem.message)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(wrappedValue.text)
  }
}
