import Infrastructure
import Quantities

extension NetworkSetting {
  /// Reads `KEY=VALUE`, such as `rate=100Mbit/s`. Throws a problem of kind `invalid`.
  public init(parsing text: String) throws(Problem) {
    guard let equals = text.firstIndex(of: "=") else {
      throw Problem(
        .invalid, "bad-setting", "'\(text.excerpt)' is not a setting.",
        remedy: "Write KEY=VALUE, such as rate=100Mbit/s.")
    }
    let (key, value) = (String(text[..<equals]), String(text[equals...].dropFirst()))
    switch key {
    case "rate": self = .rate(try RateRange(parsing: value))
    case "forward": self = .forward(try RateRange(parsing: value))
    case "reverse": self = .reverse(try RateRange(parsing: value))
    case "type": self = .type(try Self.choice(WireType.self, value))
    case "delay": self = .delay(value == "0" ? .zero : try Duration(parsing: value))
    case "jitter": self = .jitter(value == "0" ? .zero : try Duration(parsing: value))
    case "loss": self = .loss(try Impairment.loss(parsing: value))
    case "guard": self = .level(try Self.choice(PortGuard.Level.self, value))
    case "storm": self = .storm(try Self.storm(value))
    default:
      throw Problem(
        .invalid, "unknown-setting", "'\(key.excerpt)' cannot be set.",
        remedy: "Set one of: \(Self.keys.joined(separator: ", ")).")
    }
  }

  static func choice<Value: CaseIterable & RawRepresentable<String>>(
    _ type: Value.Type, _ text: String
  ) throws(Problem) -> Value {
    if let value = Value(rawValue: text) { return value }
    throw Problem(
      .invalid, "bad-value", "'\(text.excerpt)' is none of the choices.",
      remedy: "Use one of: \(type.allCases.map(\.rawValue).joined(separator: ", ")).")
  }

  private static func storm(_ text: String) throws(Problem) -> Int? {
    guard let frames = Int(text), (0...10_000_000).contains(frames) else {
      throw Problem(
        .invalid, "out-of-bounds", "A storm limit of '\(text.excerpt)' frames a second is not from 0 to 10000000.",
        remedy: "Write one such as 5000.")
    }
    return frames == 0 ? nil : frames
  }
}
