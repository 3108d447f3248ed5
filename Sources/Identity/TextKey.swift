import Quantities

/// Any text as a coding key.
struct TextKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ text: String) { stringValue = text }
  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension Decoder {
  /// Reads one text with `parse`; its problem becomes a decoding error at this place.
  func parse<Value>(_ parse: (String) throws(Problem) -> Value) throws -> Value {
    let container = try singleValueContainer()
    do {
      return try parse(try container.decode(String.self))
    } catch let problem as Problem {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: problem.message)
    }
  }

  /// Throws where the object has a key that is not among `known`: a misspelt line of a configuration that says
  /// who may do what must not be passed over.
  func refuseKeys<Key: CodingKey & CaseIterable>(beyond known: Key.Type) throws {
    let names = Set(Key.allCases.map(\.stringValue))
    let container = try container(keyedBy: TextKey.self)
    guard let key = container.allKeys.first(where: { !names.contains($0.stringValue) }) else { return }
    throw DecodingError.dataCorruptedError(
      forKey: key, in: container,
      debugDescription:
        "'\(key.stringValue.excerpt)' is not known here; known are \(names.sorted().joined(separator: ", ")).")
  }
}

extension Encoder {
  func write(text: String) throws {
    var container = singleValueContainer()
    try container.encode(text)
  }
}
