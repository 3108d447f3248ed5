/// Words of JSON Schema (draft 2020-12), as OpenAPI 3.1 uses it.
extension JSON {
  /// Any text.
  public static let string: JSON = ["type": "string"]
  /// Any whole number, also below zero.
  public static let wholeNumber: JSON = ["type": "integer"]
  /// 0 or more.
  public static let count: JSON = ["type": "integer", "minimum": 0]
  /// Any number.
  public static let decimal: JSON = ["type": "number"]
  /// True or false.
  public static let flag: JSON = ["type": "boolean"]
  /// RFC 3339, or `never`.
  public static let time: JSON = [
    "type": "string", "pattern": "^([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z|never)$",
    "examples": ["2026-11-21T08:00:00Z"],
  ]
  /// An RFC 1123 label.
  public static let name: JSON = [
    "type": "string", "minLength": 1, "maxLength": 63, "pattern": "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$",
  ]
  /// A `Bitrate`'s text.
  public static let rate: JSON = ["type": "string", "pattern": "^[0-9.]+[kMGT]?bit/s$", "examples": ["100Mbit/s"]]
  /// A `ByteCount`'s text.
  public static let bytes: JSON = ["type": "string", "pattern": "^[0-9.]+[KMGTPE]?i?B$", "examples": ["128MiB"]]
  /// A `Cores`' text: cores, to thousandths.
  public static let cores: JSON = ["type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?$", "examples": ["1.5"]]
  /// A `Duration`'s text.
  public static let duration: JSON = ["type": "string", "examples": ["1h30m"]]

  /// One of a `CaseIterable`'s raw values.
  public static func oneOf<Value: CaseIterable & RawRepresentable<String>>(_ type: Value.Type) -> JSON {
    ["type": "string", "enum": .array(type.allCases.map { .text($0.rawValue) })]
  }

  /// One of these texts.
  public static func words(_ words: String...) -> JSON {
    ["type": "string", "enum": .array(words.map { .text($0) })]
  }

  /// A component.
  public static func ref(_ name: String) -> JSON { ["$ref": .text("#/components/schemas/\(name)")] }

  /// A list of any length.
  public static func list(of item: JSON) -> JSON { ["type": "array", "items": item] }

  /// An object whose keys are names, or other texts.
  public static func table(of value: JSON) -> JSON { ["type": "object", "additionalProperties": value] }

  /// An object with these fields.
  public static func record(
    _ summary: String, _ required: [String: JSON], optional: [String: JSON] = [:]
  ) -> JSON {
    var schema: JSON = [
      "type": "object", "description": .text(summary),
      "properties": .object(required.merging(optional) { first, _ in first }),
    ]
    if !required.isEmpty { schema["required"] = .array(required.keys.sorted().map { .text($0) }) }
    return schema
  }

  /// The same, in a request: fields may be null where they are optional.
  public static func request(
    _ summary: String, _ required: [String: JSON], optional: [String: JSON] = [:]
  ) -> JSON {
    record(summary, required, optional: optional.mapValues { ["anyOf": [$0, ["type": "null"]]] })
  }

  /// The same schema with a description.
  public func saying(_ description: String) -> JSON {
    var schema = self
    schema["description"] = .text(description)
    return schema
  }
}
