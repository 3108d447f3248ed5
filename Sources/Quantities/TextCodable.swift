/// A value that is encoded as the text that a person would write.
protocol TextCodable: Codable, CustomStringConvertible {
  init(parsing text: String) throws(Problem)
}

extension TextCodable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    do {
      self = try Self(parsing: try container.decode(String.self))
    } catch let problem as Problem {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: problem.message)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
