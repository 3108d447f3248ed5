import CYAML

/// A parser's event as a value, with what this floor needs of it.
struct YAMLEvent {
  enum Kind {
    case streamStart, documentStart, documentEnd, streamEnd, sequenceEnd, mappingEnd
    case alias(String)
    case scalar(String, isPlain: Bool)
    case sequenceStart, mappingStart
  }

  var kind: Kind
  var anchor: String?
  var tag: String?
  var mark: Mark

  /// Copies what is in libyaml's event (`yaml_event_t` of `yaml.h`).
  init(_ event: yaml_event_t, file: String) {
    mark = Mark(file: file, line: Int(event.start_mark.line) + 1, column: Int(event.start_mark.column) + 1)
    let data = event.data
    switch event.type {
    case YAML_DOCUMENT_START_EVENT: kind = .documentStart
    case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
    case YAML_STREAM_END_EVENT: kind = .streamEnd
    case YAML_ALIAS_EVENT: kind = .alias(Self.text(data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let bytes = UnsafeBufferPointer(start: data.scalar.value, count: data.scalar.length)
      kind = .scalar(String(decoding: bytes, as: UTF8.self), isPlain: data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
      (anchor, tag) = (Self.text(data.scalar.anchor), Self.text(data.scalar.tag))
    case YAML_SEQUENCE_START_EVENT:
      kind = .sequenceStart
      (anchor, tag) = (Self.text(data.sequence_start.anchor), Self.text(data.sequence_start.tag))
    case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      kind = .mappingStart
      (anchor, tag) = (Self.text(data.mapping_start.anchor), Self.text(data.mapping_start.tag))
    case YAML_MAPPING_END_EVENT: kind = .mappingEnd
    default: kind = .streamStart
    }
  }

  private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    pointer.map { String(decodingCString: UnsafePointer($0), as: UTF8.self) }
  }
}
