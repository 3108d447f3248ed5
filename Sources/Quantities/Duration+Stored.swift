/// Durations in documents that are read again: of the store, of plans.
///
/// A `Duration` counts attoseconds in 128 bits, and so may say more seconds than 64 bits have: `components` traps then,
/// long after a damaged document was read. Read is what lies within the years that can be written.
extension KeyedDecodingContainer {
  /// Throws a `DecodingError` where it is more than 10,000 years, either way.
  ///
  /// The compiler's own `init(from:)` calls this one for a property of that type, as it is the most specific.
  public func decode(_ type: Duration.Type, forKey key: Key) throws -> Duration {
    try decode(StoredDuration.self, forKey: key).duration
  }

  /// Likewise; nil where there is none.
  public func decodeIfPresent(_ type: Duration.Type, forKey key: Key) throws -> Duration? {
    try decodeIfPresent(StoredDuration.self, forKey: key)?.duration
  }
}

private struct StoredDuration: Decodable {
  let duration: Duration

  init(from decoder: any Decoder) throws {
    duration = try Duration(from: decoder)
    guard Duration.sensible.contains(duration) else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "A duration is above 10,000 years."))
    }
  }
}

extension Duration {
  fileprivate static let sensible = Duration.seconds(-3_652_500 * 86400)...Duration.seconds(3_652_500 * 86400)
}
